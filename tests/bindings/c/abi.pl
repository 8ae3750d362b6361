#!/usr/bin/env perl
# What of a C header a compiled program depends on: constants, functions, and where the members of
# structs lie on machines of 64 bits.
#
#   abi.pl compare HEADER FILE   whether that is what FILE says; with NEARZONE_UPDATE set, FILE
#                                becomes it
#   abi.pl asserts HEADER        a C file that compiles where the structs lie so
use strict;
use warnings;

my %size_of = (int8_t => 1, uint8_t => 1, int16_t => 2, uint16_t => 2, int32_t => 4, uint32_t => 4,
  int64_t => 8, uint64_t => 8, size_t => 8, double => 8);

my ($mode, $header, $file) = @ARGV;
open(my $in, '<', $header) or die "$header: $!\n";
my $text = do { local $/; <$in> };
close $in;
$text =~ s{/\*.*?\*/}{}sg;

sub plain {
  my $words = join ' ', split ' ', $_[0];
  $words =~ s/ ?(\*+) ?/$1 /g;
  $words =~ s/\( /(/g;
  return $words;
}

sub padded { my ($at, $to) = @_; return int(($at + $to - 1) / $to) * $to; }

# The lines of a struct, and the assertions about it.
sub layout {
  my ($name, $body) = @_;
  my ($at, $alignment, @lines, @asserts) = (0, 1);
  for my $member (grep { /\S/ } split /;/, $body) {
    $member = plain($member);
    my ($type, $field, $count) = $member =~ /^(.*[ *])(\w+)(?:\[(\d+)\])?$/
      or die "$header: $name: '$member' is not understood\n";
    $type =~ s/ +$//;
    my $size = $type =~ /\*$/ ? 8 : $size_of{$type} or die "$header: how large is '$type'?\n";
    $at = padded($at, $size);
    $alignment = $size if $size > $alignment;
    push @lines, sprintf('  %4d %s', $at, $member);
    push @asserts, [offset => "offsetof($name, $field) == $at"];
    $at += $size * ($count // 1);
  }
  my $whole = padded($at, $alignment);
  unshift @lines, "struct $name, $whole bytes";
  push @asserts, [size => "sizeof($name) == $whole"];
  return (\@lines, \@asserts);
}

my (@lines, @asserts);
push @lines, "constant $1" while $text =~ /^#define (NZ_(?!API\b)\w+ \S+)/mg;
$text =~ s/^#.*$//mg;
$text =~ s/extern "C" \{//;

while ($text =~ s/typedef struct (\w+) \{(.*?)\} \1;//s) {
  my ($struct, $about) = layout($1, $2);
  push @lines, @$struct;
  push @asserts, @$about;
}
push @lines, "opaque $1" while $text =~ s/typedef struct (\w+) \1;//;
push @lines, 'function ' . plain($1) while $text =~ s/NZ_API ([^;]+);//;
$text =~ s/\}//;    # of extern "C"
die "$header: this is not understood: $1\n" if $text =~ /(\S[^\n]*)/;

if ($mode eq 'asserts') {
  print "#include <stddef.h>\n#include \"nearzone.h\"\n\n";
  my $number = 0;
  printf "typedef char %s_%d[(%s) ? 1 : -1];\n", $_->[0], $number++, $_->[1] for @asserts;
  exit 0;
}

my $found = join '', map { "$_\n" } @lines;
if ($ENV{NEARZONE_UPDATE}) {
  open(my $out, '>', $file) or die "$file: $!\n";
  print $out $found;
  close $out;
}
open(my $diff, '|-', 'diff', '-u', $file, '-') or die "diff: $!\n";
print $diff $found;
exit 0 if close $diff;
print STDERR "The interface is another than $file says. If a program that was compiled with the\n"
  . "older header could not live with that, NZ_ABI_VERSION must grow. Then:\n"
  . "NEARZONE_UPDATE=1 ctest -R c.abi\n";
exit 1;
