"""Orders, what gateways say about their payments, and what follows: state, access and ledger."""
