"""What the doctor looks at about mail: one file a thing. It asks the DNS and the mail server, and sends nothing."""
