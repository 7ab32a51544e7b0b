abi 7
rule tmp: when exec matches /tmp/** deny
rule _home: when exec matches /home/** deny "not from home"
prefer tmp over _home
