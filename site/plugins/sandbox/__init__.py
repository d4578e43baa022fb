"""What readers may ask: requests that are refused, headers, and queries in processes that can be killed."""
