"""What the screens are made of. Widgets show; they never touch the network or the disk."""
