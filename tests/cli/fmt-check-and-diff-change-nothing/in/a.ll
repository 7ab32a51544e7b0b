# SPDX-License-Identifier: Apache-2.0
abi   7
ruleset web{ allow read beneath "/usr" # the system
allow tcp connect 443 }
rule web : when exec matches "/usr/bin/web" and user www-data apply ruleset web with nnp # the server
