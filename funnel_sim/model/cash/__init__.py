"""Cash: the months of the model, read once more by the day on which each amount is paid."""
