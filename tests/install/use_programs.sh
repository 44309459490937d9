# What a new user does first, with the installed programs. Sourced; `fail SENTENCE` is there.

# make_project FOLDER GADOLINCTL: a labelled and split project of six synthetic patients.
make_project() {
  "$2" init "$1" >/dev/null
  "$2" demo "$1" --patients 6 --seed 2 >/dev/null
  "$2" labels derive "$1" >/dev/null
  "$2" split "$1" --test 0.34 --val 0.17 --seed 1 >/dev/null
}

# train_a_little FOLDER GADOLINCTL: the whole cascade with tiny networks, one epoch a stage.
train_a_little() {
  local said
  said=$("$2" --json train "$1" --supervision slice --preset quick --seed 3 --threads 2 \
    --set myocardium.epochs=1 --set classifier.epochs=1 --set fibrosis.epochs=1 \
    --set myocardium.minimum_steps=0 --set classifier.minimum_steps=0 --set fibrosis.minimum_steps=0 \
    --set myocardium.width=4 --set fibrosis.width=4 --set predict.flips=1) || fail "the training: $said"
  grep -q '"status":"finished"' <<<"$said" || fail "the training did not finish: $said"
}

# show_window PROJECT GADOLIN: the window on that project, all six workspaces, on a display of its own.
show_window() {
  local pictures count
  pictures=$(mktemp -d)
  xvfb-run -a -s "-screen 0 1600x1000x24 +extension GLX" "$2" "$1" --screenshots "$pictures" ||
    fail "$2 $1 ended with $?"
  count=$(find "$pictures" -name '*.png' -size +10k | wc -l)
  [ "$count" -eq 6 ] || fail "the window showed $count of 6 workspaces"
  rm -r "$pictures"
}
