namespace dashvoip {}
