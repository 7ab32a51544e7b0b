abi 7
ruleset r { allow exceute beneath /usr }
when exec matches /x apply r
