"""What keywire reads: pages fetched politely and safely, and understood by platform."""
