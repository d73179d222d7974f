"""How complete, valid and fresh the customers' data are."""
