"""Who stands where and what they perceive: rules only, time is an argument."""
