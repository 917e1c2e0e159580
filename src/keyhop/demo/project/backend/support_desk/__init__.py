"""A bank's support desk: a crew sorts each ticket and drafts the reply."""
