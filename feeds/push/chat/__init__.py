"""Chats, each by the calls that it documents: messages edited in place where it can."""
