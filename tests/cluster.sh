#!/bin/sh
# Sends a small sweep through a real slurmctld and slurmd on this machine: make test-cluster
# Needs root and Debian's slurm-wlm and munge; everything it starts it ends, by process id.
set -eu
cd "$(dirname "$0")/.."
python=${1:-.venv/bin/python}
for program in slurmctld slurmd sbatch munged; do
    command -v "$program" >/dev/null || { echo "no $program: apt-get install slurm-wlm munge" >&2; exit 1; }
done
# jobs do not inherit SLURM_CONF, as on a cluster, where it is found in this place
conf=/etc/slurm/slurm.conf
[ ! -e "$conf" ] || { echo "$conf exists: this machine has a SLURM of its own" >&2; exit 1; }
place=$(mktemp -d /tmp/slurm.XXXXXX)
chmod 755 "$place"
started=""
stop() {
    scancel --quiet --partition=trial 2>/dev/null || true  # the jobs first, while there is somebody to end them
    waited=0
    while [ -n "$(squeue -h 2>/dev/null)" ] && [ "$waited" -lt 30 ]; do sleep 1; waited=$((waited + 1)); done
    for id in $started; do kill "$id" 2>/dev/null || true; done
    sleep 1
    [ "$(readlink "$conf")" != "$place/slurm.conf" ] || rm -f "$conf"
    rm -rf "$place" "_build/editions/cluster-trial"
}
trap stop EXIT
trap 'exit 143' INT TERM

mkdir -p "$place/state" "$place/spool" "$place/munge"
dd if=/dev/urandom of="$place/munge/key" bs=1024 count=1 2>/dev/null
chmod 400 "$place/munge/key"; chmod 700 "$place/munge"
# in sessions of their own: a signal to this script's group must not end them before their jobs
setsid munged --foreground --force --key-file "$place/munge/key" --socket "$place/munge/socket" --pid-file "$place/munge/pid" \
    --log-file "$place/munge/log" --seed-file "$place/munge/seed" >"$place/munged.out" 2>&1 &
started="$started $!"

host=$(hostname -s)
cores=$(nproc)
memory=$(awk '/MemTotal/ {print int($2 / 1024 * 0.8)}' /proc/meminfo)
cat >"$place/slurm.conf" <<CONF
ClusterName=trial
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=16817
SlurmdPort=16818
AuthType=auth/munge
AuthInfo=socket=$place/munge/socket
CredType=cred/munge
SlurmUser=root
SlurmdUser=root
StateSaveLocation=$place/state
SlurmdSpoolDir=$place/spool
SlurmctldPidFile=$place/slurmctld.pid
SlurmdPidFile=$place/slurmd.pid
SlurmctldLogFile=$place/slurmctld.log
SlurmdLogFile=$place/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
MailProg=/bin/true
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
ReturnToService=2
NodeName=$host NodeAddr=127.0.0.1 CPUs=$cores RealMemory=$memory State=UNKNOWN
PartitionName=trial Nodes=$host Default=YES MaxTime=INFINITE State=UP
CONF
mkdir -p /etc/slurm
ln -s "$place/slurm.conf" "$conf"
sleep 1
setsid slurmctld -D >"$place/slurmctld.out" 2>&1 & started="$started $!"
sleep 2
setsid slurmd -D >"$place/slurmd.out" 2>&1 & started="$started $!"
waited=0
until sinfo -h -o %T 2>/dev/null | grep -q idle; do
    waited=$((waited + 1))
    [ "$waited" -lt 30 ] || { cat "$place"/*.out "$place"/*.log >&2; exit 1; }
    sleep 1
done
echo "SLURM is up: $(sinfo -h)"

cat >"$place/cluster-trial.yml" <<SWEEP
title: A trial on a cluster
notebooks: [notebooks/general/survival.md]
grid: {level: [0.9, 0.95]}
statistics: [survival, median]
SWEEP
mkdir "$place/profile"
# as a reader would fill it in; there is no accounting here for sacct to ask
sed -e 's/# slurm_partition: "your-partition"/slurm_partition: "trial"/' -e 's/# slurm_account: "your-account"/slurm_account: "root"/' \
    -e 's/mem_mb: 2000/mem_mb: 500/' -e 's/# slurm-status-command: squeue/slurm-status-command: squeue/' book/editions/slurm/config.yaml >"$place/profile/config.yaml"
"$python" -m analysis sweep "$place/cluster-trial.yml" --profile "$place/profile" || { tail -60 _build/editions/cluster-trial/log.txt >&2; exit 1; }
grep -q "2 of 2 scenarios are finished" _build/editions/cluster-trial/html/index.html
jobs=$(grep -c "_job_complete: JobId=[0-9]* WEXITSTATUS 0" "$place/slurmctld.log" || true)
[ "$jobs" -ge 2 ] || { echo "only $jobs jobs went through SLURM" >&2; exit 1; }
echo "done: 2 of 2 scenarios, $jobs jobs completed by SLURM"
