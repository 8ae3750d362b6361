#!/bin/sh
# java.sh JAVA JAVAC JAR LIBRARY_FOLDER REFERENCE_PROGRAM CLASSES [REPETITIONS]: compiles JavaBench
# into the folder CLASSES and runs it.
set -eu
java=$1 javac=$2 jar=$3 library=$4 reference=$5 classes=$6
shift 6
"$javac" --release 8 -Xlint:-options -cp "$jar" -d "$classes" "$(dirname "$0")/JavaBench.java"
exec "$java" -Djava.library.path="$library" -cp "$classes:$jar" JavaBench "$reference" "$@"
