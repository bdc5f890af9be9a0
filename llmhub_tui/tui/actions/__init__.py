"""What the commands do, one file for each topic; the app is made of them."""
