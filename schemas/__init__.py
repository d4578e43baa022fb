"""The contract read into Python and Pandera, and the rules that it cannot state."""
