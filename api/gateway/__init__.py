"""The doors for gateways that forward by themselves: forward auth, questions, and what they used."""
