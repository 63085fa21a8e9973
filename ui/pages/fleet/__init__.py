"""Which applications need me now, and since when? The first screen; painted without numpy."""
