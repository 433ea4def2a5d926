"""The five bounded contexts. Imports go downhill only: learning > billing > catalog > media > identity."""
