# Rules over folders of a name anywhere, more than one automaton holds: programs have parts (docs/adr/0004).
abi 2

ruleset no_lists {
    allow read_file, write_file, execute beneath /
}

rule inner: when exec matches /**/q3/**/no/** deny "not from here"
rule q0: when exec matches /**/q0/** apply no_lists with nnp
rule q1: when exec matches /**/q1/** apply no_lists with nnp
rule q2: when exec matches /**/q2/** apply no_lists with nnp
rule q3: when exec matches /**/q3/** apply no_lists with nnp
rule q4: when exec matches /**/q4/** apply no_lists with nnp
rule q5: when exec matches /**/q5/** apply no_lists with nnp
rule q6: when exec matches /**/q6/** apply no_lists with nnp
rule q7: when exec matches /**/q7/** apply no_lists with nnp
rule q8: when exec matches /**/q8/** apply no_lists with nnp
rule q9: when exec matches /**/q9/** apply no_lists with nnp
rule q10: when exec matches /**/q10/** apply no_lists with nnp
rule q11: when exec matches /**/q11/** apply no_lists with nnp
rule q12: when exec matches /**/q12/** apply no_lists with nnp
rule q13: when exec matches /**/q13/** apply no_lists with nnp
rule q14: when exec matches /**/q14/** apply no_lists with nnp
rule q15: when exec matches /**/q15/** apply no_lists with nnp
rule q16: when exec matches /**/q16/** apply no_lists with nnp
rule q17: when exec matches /**/q17/** apply no_lists with nnp
rule q18: when exec matches /**/q18/** apply no_lists with nnp
rule q19: when exec matches /**/q19/** apply no_lists with nnp
