# SPDX-License-Identifier: Apache-2.0
# 35: each allocation of an exec fails once: it fails, or is confined. failslab kernel-map|kernel-object. Needs
# series-debug; what leaked meanwhile, kmemleak tells when the machine ends.
. /scenarios/lib.sh
echo N > /sys/kernel/debug/failslab/ignore-gfp-wait
echo 0 > /sys/kernel/debug/failslab/verbose
cp /usr/bin/victim /tmp/
check "install" llload --backend "$1" /policies/victim.o
check "confined" /tmp/victim
failing /tmp/victim 150 > /tmp/out; code=$?
cat /tmp/out
check "none is free, whichever allocation fails" [ $code = 0 ]
check "many failed" grep -q "[1-9][0-9] not executed" /tmp/out
check "confined after it" /tmp/victim
check "unload" llload unload victim
check_fails "free after it" /tmp/victim
done_checks
