# SPDX-License-Identifier: Apache-2.0
# A POSIX shell and the ordinary tools of scripts: for make's recipes, hooks, cron jobs, builds. A block, without rules
# of its own.
#
#     import std/shell
#     ruleset nightly extends base, shell { allow read, write, create beneath /srv/report }
#     when exec matches ${shell.shells} and parent exec matches /usr/sbin/cron apply nightly with nnp
#
# Floor: ABI 1. Nothing here talks to a network, gains privileges, or is an interpreter of a general language but awk
# and sed. Not covered: Alpine's and other BusyBox systems run all of it, and more (wget, nc), by one image:
# `shell.busybox`. A tool does what the ruleset allows, whichever it is: the list is for what a script may start, the
# grants are for what it may do.
# Tested: dash, bash, coreutils 9.1, findutils, grep, sed, mawk, Debian 12.
abi 7
import std/base

# The images of shells; /bin/sh is a link to one.
let shells = /{usr/,}bin/{dash,bash,ash,ksh,mksh,zsh}

let _files =
    [/{usr/,}bin/{cat,chgrp,chmod,chown,cmp,comm,cp,dd,df,diff,diff3,dir,du,file,find,install,link,ln,ls,mkdir},
    /{usr/,}bin/{mkfifo,mktemp,mv,patch,readlink,realpath,rm,rmdir,sdiff,shred,split,stat,sync,tac,tail,tee},
    /{usr/,}bin/{touch,truncate,tree,unlink,vdir,which,which.debianutils,xargs}]
let _texts =
    [/{usr/,}bin/{awk,b2sum,base32,base64,basenc,bc,cksum,column,csplit,cut,expand,fmt,fold,gawk,grep,head,iconv},
    /{usr/,}bin/{join,m4,mawk,md5sum,nl,numfmt,od,original-awk,paste,pr,ptx,sed,sha1sum,sha224sum,sha256sum},
    /{usr/,}bin/{sha384sum,sha512sum,shuf,sort,strings,sum,tr,tsort,unexpand,uniq,wc,xxd}]
let _words =
    [/{usr/,}bin/{arch,basename,date,dirname,echo,env,expr,factor,false,flock,getconf,getopt,hostname,id,logname},
    /{usr/,}bin/{nice,nohup,nproc,pathchk,printenv,printf,pwd,seq,sleep,stdbuf,test,timeout,true,tty,tput,uname},
    /{usr/,}bin/{users,whoami,yes,[[]}]
let _packers = [/{usr/,}bin/{bzip2,cpio,gunzip,gzip,lz4,pigz,tar,unzip,uncompress,xz,zcat,zip,zstd,egrep,fgrep}]
let tools = [$_files, $_texts, $_words, $_packers]

ruleset shell extends base.loader {
    # To run one, its image is read as well; scripts among them (gunzip, zcat, egrep) are read by a shell.
    allow execute, read_file each optional $shells, optional $tools
    # `file`'s tables, terminal descriptions for tput, awk's libraries.
    allow read beneath optional /usr/lib/file, optional /lib/terminfo, optional /usr/lib/terminfo,
        optional /usr/share/misc, optional /usr/share/terminfo, optional /usr/share/awk
    allow read file optional /etc/magic
}

# All tools by one image.
ruleset busybox extends base.loader {
    allow execute, read_file file optional /bin/busybox, optional /usr/bin/busybox
}
