"""PhoneNumbers adapter: parses typed telephone numbers with the phonenumbers library."""
