"""What a browser tab holds, its address, and how the app is served."""
