"""What a cell shows: content, pictures, and the templates of page, mail and text."""
