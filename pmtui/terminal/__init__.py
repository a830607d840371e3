"""What lies between the application and the terminal: only what changed is sent, and a dropped line ends well."""
