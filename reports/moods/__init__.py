"""What people felt when they wrote and once they had heard: by month, by channel, before and after."""
