# SPDX-License-Identifier: Apache-2.0
# A home directory except for its secrets: keys, tokens, passwords, browsers' profiles, mail, histories of shells.
#
#     import std/home
#     ruleset editor extends base, home.read { allow read, write, create beneath /srv/text }
#
# Floor: ABI 3 (`write` with truncating). Not covered: secrets in places that are not listed here, such as a project's
# .env. Directories that hold an exception (the home itself, .config, .local/share and some others) can't be listed, and
# nothing can be created, removed or renamed directly in them; what is made there later is denied until the policy is
# loaded again. What is excepted is what has these names when the policy is loaded.
abi 10

# Whose home it is.
param home: path = env HOME

# Keys, and what logs in somewhere.
let _keys = [$home/.ssh, $home/.gnupg, $home/.pki, $home/.password-store, $home/.vault-token, $home/.config/op,
    $home/.config/sops, $home/.netrc, $home/.authinfo, $home/.authinfo.gpg, $home/.pgpass, $home/.my.cnf,
    $home/.smbcredentials, $home/.Xauthority, $home/.ICEauthority, $home/.rhosts, $home/.krb5, $home/.k5login]
# Clouds, clusters, package registries, forges.
let _tokens = [$home/.aws, $home/.azure, $home/.oci, $home/.kube, $home/.docker, $home/.terraform.d,
    $home/.config/gcloud, $home/.config/doctl, $home/.config/hcloud, $home/.config/containers, $home/.config/helm,
    $home/.config/rclone, $home/.config/gh, $home/.config/glab-cli, $home/.config/hub, $home/.config/git,
    $home/.git-credentials, $home/.npmrc, $home/.yarnrc, $home/.yarnrc.yml, $home/.pypirc, $home/.config/pip,
    $home/.cargo/credentials, $home/.cargo/credentials.toml, $home/.gem/credentials, $home/.composer/auth.json,
    $home/.m2, $home/.gradle]
# Browsers, mail, chats, keyrings, wallets.
let _profiles = [$home/.mozilla, $home/.thunderbird, $home/.config/google-chrome, $home/.config/google-chrome-beta,
    $home/.config/chromium, $home/.config/BraveSoftware, $home/.config/microsoft-edge, $home/.config/vivaldi,
    $home/.config/opera, $home/.cache/mozilla, $home/.cache/google-chrome, $home/.cache/chromium, $home/snap,
    $home/.var, $home/.config/Signal, $home/.config/Slack, $home/.config/discord, $home/.config/evolution,
    $home/.purple, $home/Mail, $home/Maildir, $home/.local/share/keyrings, $home/.local/share/kwalletd,
    $home/.local/share/evolution, $home/.local/share/TelegramDesktop, $home/.bitcoin, $home/.electrum, $home/.ethereum]
# What was typed: commands with passwords in them.
let _histories = [$home/.bash_history, $home/.zsh_history, $home/.zhistory, $home/.histfile, $home/.sh_history,
    $home/.ash_history, $home/.history, $home/.local/share/fish, $home/.python_history, $home/.node_repl_history,
    $home/.psql_history, $home/.mysql_history, $home/.sqlite_history, $home/.rediscli_history, $home/.lesshst,
    $home/.viminfo, $home/.wget-hsts]
# What the next shell, session or program runs: who can write it leaves the confinement.
let _startup = [$home/.bashrc, $home/.bash_profile, $home/.bash_login, $home/.bash_logout, $home/.bash_aliases,
    $home/.profile, $home/.zshrc, $home/.zshenv, $home/.zprofile, $home/.zlogin, $home/.zlogout, $home/.cshrc,
    $home/.tcshrc, $home/.login, $home/.inputrc, $home/.xinitrc, $home/.xsession, $home/.xsessionrc, $home/.xprofile,
    $home/.vimrc, $home/.vim, $home/.emacs, $home/.emacs.d, $home/.gdbinit, $home/.gitconfig, $home/.pam_environment,
    $home/.forward, $home/.procmailrc, $home/.config/autostart, $home/.config/systemd, $home/.config/environment.d,
    $home/.config/fish, $home/.config/nvim, $home/.local/bin, $home/bin, $home/.local/share/applications,
    $home/.local/share/systemd, $home/.local/lib, $home/.cargo, $home/.rustup, $home/.pyenv, $home/.nvm, $home/go]

ruleset read {
    # Everything else, for reading.
    # llc: allow W1300 because without it the secrets could be read
    allow read beneath $home except $_keys, $_tokens, $_profiles, $_histories
}

ruleset write {
    # Everything else, for reading and writing, save what would run later with the user's full rights.
    # llc: allow W1300 because without it the secrets and start files could be replaced
    allow read, write, create, remove, refer beneath $home except $_keys, $_tokens, $_profiles, $_histories, $_startup
}
