"""An answer that is begun now and sent later."""
