#!/usr/bin/env bash
# A study in parts as a Slurm array. Submit it at the root of a checkout in which `npm ci` and `npm run build` were run:
#   sbatch deploy/slurm.sh studies/map.json study
# The array says itself which part a task is and how many there are. To run failed tasks again, submit the whole array
# again (what is done takes a second), or `sbatch --array=3,7 --export=ALL,SHARDS=20 deploy/slurm.sh …`.
#SBATCH --job-name=filtrate
#SBATCH --array=0-19
#SBATCH --cpus-per-task=4
#SBATCH --mem-per-cpu=800M
#SBATCH --time=04:00:00
# Before the time is up, and on preemption, the task is told and saves what is under way.
#SBATCH --signal=B:TERM@90
#SBATCH --requeue
#SBATCH --open-mode=append
#SBATCH --output=slurm-%A-%a.log
set -u

spec=${1:?"usage: sbatch deploy/slurm.sh SPEC.json FOLDER"}
folder=${2:?"usage: sbatch deploy/slurm.sh SPEC.json FOLDER"}

# Before the experiment is there, a signal is kept for it.
stop=
experiment=
trap 'stop=1; [ -z "$experiment" ] || kill -TERM "$experiment"' TERM

# In the background, because a shell hears no signal while it waits for what runs in front.
node --import tsx scripts/experiment.ts "$spec" --out "$folder" \
  ${SHARDS:+--shards "$SHARDS"} --concurrency "${SLURM_CPUS_PER_TASK:-1}" &
experiment=$!
[ -z "$stop" ] || kill -TERM "$experiment"
wait "$experiment"
status=$?
# A wait ends with each signal; the last one with the experiment, once everything is kept.
while kill -0 "$experiment" 2>/dev/null; do
  wait "$experiment"
  status=$?
done
# 75: cut off, and kept. 143: told to stop before it had begun. The task goes back into the queue and goes on from there.
if [ "$status" -eq 75 ] || { [ -n "$stop" ] && [ "$status" -eq 143 ]; }; then
  scontrol requeue "${SLURM_JOB_ID:-}" && exit 0
fi
exit "$status"
