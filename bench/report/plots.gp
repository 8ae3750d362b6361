# Draws what matching_report wrote: gnuplot -e "folder='DIR'" plots.gp

set terminal svg size 760,420 background rgb 'white' font 'sans-serif,13' enhanced
set ylabel 'keys a second'
set grid ytics lc rgb '#dddddd'
set border 3
set tics nomirror
set key outside right top
set format y '%.1s %c'
set yrange [0:*]

set output folder . '/levels.svg'
set style data histogram
set style histogram cluster gap 1
set style fill solid 0.85
set boxwidth 0.9
set key inside left top
set xtics rotate by -12 font ',11'
set xrange [-0.7:*]
plot folder . '/levels.dat' using 2:xtic(1) title 'reached' lc rgb '#1f6f8b', \
     '' using 3 title 'floor of the kernels' lc rgb '#c9d6df'

set style data linespoints
set key outside right top
set xtics norotate font ',13'
set xrange [*:*]
set logscale x
set format x '10^{%T}'

set output folder . '/identifiers.svg'
set xlabel 'identifiers stored'
set logscale y
set yrange [1e4:*]
plot for [i=0:*] folder . '/identifiers.dat' index i using 1:2 \
     title columnheader(1) lw 2 pt 7

unset logscale y
set yrange [0:*]
set output folder . '/keys.svg'
set xlabel 'keys in the list'
plot for [i=0:*] folder . '/keys.dat' index i using 1:2 title columnheader(1) lw 2 pt 7

unset logscale x
set format x '%g'
set output folder . '/threads.svg'
set xlabel 'threads (time on the wall)'
set xrange [0.8:2.2]
set xtics 1
plot for [i=0:*] folder . '/threads.dat' index i using 1:2 \
     title columnheader(1) lw 2 pt 7
