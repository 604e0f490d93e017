"""What a page says against what is known of its blog: pure, from old facts and now to changes."""
