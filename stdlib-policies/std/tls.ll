# SPDX-License-Identifier: Apache-2.0
# The certificates of public authorities and the settings of OpenSSL, GnuTLS and NSS: what a client needs to trust a
# server.
#
#     import std/tls
#     ruleset fetch extends base, dns, tls { allow tcp connect 443 }
#
# Floor: ABI 1. Not covered: private keys and certificates of this machine (/etc/ssl/private, /etc/pki/tls/private,
# /etc/letsencrypt): a server names its own.
abi 10

ruleset tls {
    # Debian, Alpine: a directory of links into the next two, and one file of them all. The directory is granted and not
    # its files, since update-ca-certificates replaces them.
    allow read beneath optional /etc/ssl/certs, optional /usr/share/ca-certificates
    allow read beneath optional /usr/local/share/ca-certificates
    allow read file optional /etc/ssl/cert.pem, optional /etc/ssl1.1/cert.pem
    # Fedora and its kin.
    allow read beneath optional /etc/pki/tls/certs, optional /etc/pki/ca-trust/extracted
    allow read file optional /etc/pki/tls/cert.pem
    # p11-kit answers for authorities in GnuTLS and NSS.
    allow read beneath optional /usr/share/p11-kit/modules, optional /etc/pkcs11
    # Which protocols and ciphers the administrator allows.
    allow read file optional /etc/ssl/openssl.cnf, optional /etc/pki/tls/openssl.cnf, optional /etc/gnutls/config
    allow read beneath optional /etc/pki/tls/openssl.d, optional /etc/crypto-policies,
        optional /usr/share/crypto-policies
}
