"""What follows from the model: break-even values, targets, two-way grids."""
