"""Who people are to one another: roles and what they may, codes, and names they give."""
