#!/usr/bin/env perl
# compare_codes.pl ROOT: whether the numbers of bindings/c/include/nearzone.h are the same in C++,
# Java and Swift, every one of them, and no others. Names may be written as each language does:
# LIMIT_EXCEEDED, limit_exceeded and limitExceeded are one.
use strict;
use warnings;
use File::Find;

# The beginning of the header's names, and the enumeration in each language.
my @families = (
  # header            C++                Java                Swift
  ['NZ_',             'Code',            'ErrorCode',        'Code'],
  ['NZ_SCHEME_',      'SchemeTag',       'Scheme',           'Scheme'],
  ['NZ_HEARD_BY_',    'HeardBy',         'HeardBy',          'HeardBy'],
  ['NZ_REPORT_',      'ReportType',      'ReportType',       'ReportType'],
  ['NZ_INFECTIOUSNESS_', 'Infectiousness', 'Infectiousness', 'Infectiousness'],
  ['NZ_BAND_',        'ExposureBand',    'ExposureBand',     'ExposureBand'],
  ['NZ_CALIBRATION_', 'CalibrationSource', 'CalibrationSource', 'CalibrationSource'],
  ['NZ_DURABILITY_',  'Durability',      'Durability',       'Durability'],
  ['NZ_DEDUPLICATION_', 'Deduplication', 'Deduplication',    'Deduplication'],
  ['NZ_LOSS_',        undef,             'LossKind',         'LossKind'],
  ['NZ_EXPORT_',      undef,             'ExportFormat',     'Format'],
  ['NZ_FORMAT_',      'ListFormat',      'ListFormat',       'ListFormat'],
  ['NZ_SIGNATURE_',   'SignatureOutcome', 'SignatureOutcome', 'SignatureOutcome'],
  ['NZ_BLUEZONE_',    'BluezoneWindows', 'BluezoneWindows',  'BluezoneWindows'],
  ['NZ_UPLOAD_STATE_', 'UploadState',    'UploadState',      'UploadState'],
  ['NZ_UPLOAD_PROBLEM_', 'UploadProblem', 'UploadProblem',   'UploadProblem'],
  ['NZ_UPLOAD_SERVER_', 'UploadServer',  'UploadServer',     'UploadServer'],
  ['NZ_UPLOAD_STEP_', 'UploadStep',      'UploadStep',       'UploadStep'],
  ['NZ_LIST_OUTCOME_', 'ListOutcome',    'ListOutcome',      'ListOutcome'],
  ['NZ_SYSTEM_',      'System',          'PhoneSystem',      'PhoneSystem'],
  ['NZ_APP_',         'AppState',        'AppState',         'AppState'],
  ['NZ_ACT_',         'Act',             'Act',              'Act'],
  ['NZ_ABILITY_',     'Ability',         'Ability',          'Ability'],
  ['NZ_CARRIER_',     'Carrier',         'Carrier',          'Carrier'],
  ['NZ_FORM_',        'Form',            'Form',             'Form'],
  ['NZ_FINDING_',     'Finding',         'Finding',          'Finding'],
  ['NZ_POWER_',       'Power',           'Power',            'Power'],
  ['NZ_ACTION_',      'ActionKind',      'ActionKind',       'ActionKind'],
);
# Constants that belong to no family.
my %alone = map { $_ => 1 } qw(NZ_ABI_VERSION NZ_UNKNOWN NZ_UNKNOWN_TIME NZ_NO_RSSI NZ_DOUBTFUL_DAY
  NZ_MOST_ACTIONS NZ_MOST_REPORT_BYTES NZ_THE_PERSON_CONSENTS);
# What one side has and the other has not, and what is called otherwise.
my %missing = ('ErrorCode.ok' => 1, 'Code.ok' => 1);       # exceptions are failures
my %additional = ('Durability.none' => 1);                 # simulations in C++ only
my %renamed = ('unsignedlist' => 'unsigned');              # "unsigned" is a word of C++

my ($root) = @ARGV;
my $faults = 0;

sub fault { print STDERR "$_[0]\n"; $faults++; }

sub text_of {
  open(my $file, '<', $_[0]) or die "$_[0]: $!\n";
  local $/;
  return scalar <$file>;
}

# All files below a folder with an ending, as one text.
sub texts_below {
  my ($folder, $ending) = @_;
  my $all = '';
  find({ no_chdir => 1, wanted => sub { $all .= text_of($_) if /\Q$ending\E$/ } }, $folder);
  return $all;
}

sub plain {    # a name as all languages have it
  my $name = lc $_[0];
  $name =~ tr/_`//d;
  return $renamed{$name} // $name;
}

sub number { return $_[0] =~ /^-?0/ ? oct $_[0] : $_[0] + 0; }

# { family of the header => { name => number } }
sub header_families {
  my ($text) = @_;
  my (%found, %constants, $in_codes);
  while ($text =~ /^#define (NZ_\w+) (\S+)/mg) {
    my ($name, $value) = ($1, $2);
    $constants{$name} = $value;
    $in_codes = 1 if $name eq 'NZ_OK';
    my $prefix = 'NZ_';
    if (!$in_codes) {
      ($prefix) = grep { $_ ne 'NZ_' && index($name, $_) == 0 } map { $_->[0] } @families;
      if (!defined $prefix) {
        fault("$name of the header belongs to no family") if !$alone{$name} && $name ne 'NZ_API';
        next;
      }
    }
    $found{$prefix}{ plain(substr($name, length $prefix)) } = number($value);
    $in_codes = 0 if $name eq 'NZ_INTERNAL';
  }
  return (\%found, \%constants);
}

# The enumerators of a body, which count on from the last number where they state none.
sub enumerators {
  my ($body, $pattern) = @_;
  my (%found, $next);
  $next = 0;
  while ($body =~ /$pattern/g) {
    my ($name, $value) = ($1, $2);
    $next = number($value) if defined $value;
    $found{ plain($name) } = $next++;
  }
  return \%found;
}

sub cpp_enum {
  my ($text, $name) = @_;
  my ($body) = $text =~ /enum class \Q$name\E\b[^{;]*\{(.*?)\}/s or return {};
  return enumerators($body, qr/(\w+)\s*(?:=\s*(-?\w+))?\s*(?:,|$)/);
}

sub java_enum {
  my ($text, $name) = @_;
  my ($body) = $text =~ /\benum \Q$name\E\b[^{]*\{(.*?);/s or return {};
  return enumerators($body, qr/\b([A-Z]\w*)\((-?\w+)\)/);
}

sub swift_enum {
  my ($text, $name, $header) = @_;
  my ($body) = $text =~ /\benum \Q$name\E\b[^{]*\{(.*?)\n *\}/s or return {};
  return enumerators($body, qr/\bcase (`?\w+`?) = (-?\w+)/) if $name ne 'Code';
  # Its numbers are those of the header's names in this one place.
  my ($switch) = $text =~ /extension NearZoneError\.Code \{(.*?)\n\}/s or return {};
  my %found;
  $found{ plain($2) } = $header->{ plain($1) }
    while $switch =~ /case NZ_(\w+): self = \.(`?\w+`?)/g;
  for my $case ($body =~ /\bcase (`?\w+`?)\n/g) {
    fault("Swift: no number of the header gives .$case") if !exists $found{ plain($case) };
  }
  return \%found;
}

sub compare {
  my ($language, $enum, $header, $found) = @_;
  fault("$language: there is no enumeration $enum") if !%$found;
  for my $name (sort keys %$header) {
    next if $missing{"$enum.$name"} && !exists $found->{$name};
    if (!defined $found->{$name}) {
      fault("$language: $enum lacks '$name'");
    } elsif ($found->{$name} != $header->{$name}) {
      fault("$language: '$name' of $enum is $found->{$name}, not $header->{$name}");
    }
  }
  for my $name (sort keys %$found) {
    fault("$language: $enum has '$name', which the header has not")
      if !exists $header->{$name} && !$additional{"$enum.$name"};
  }
}

my ($header, $constants) = header_families(text_of("$root/bindings/c/include/nearzone.h"));
s{//.*}{}mg for my $cpp = texts_below("$root/include/nearzone", '.h');
s{/\*.*?\*/}{}sg for my $java = texts_below("$root/bindings/java/src", '.java');
s{//.*}{}mg for my $swift = texts_below("$root/bindings/swift/Sources/NearZone", '.swift');

for my $family (@families) {
  my ($prefix, $cpp_name, $java_name, $swift_name) = @$family;
  my $numbers = $header->{$prefix};
  compare('C++', $cpp_name, $numbers, cpp_enum($cpp, $cpp_name)) if defined $cpp_name;
  compare('Java', $java_name, $numbers, java_enum($java, $java_name));
  compare('Swift', $swift_name, $numbers, swift_enum($swift, $swift_name, $numbers));
}
my $consent = number($constants->{NZ_THE_PERSON_CONSENTS});
compare('Java', 'Consent', { plain('THE_PERSON_CONSENTS') => $consent },
  java_enum($java, 'Consent'));
while ($java =~ /\bstatic final \w+ (\w+) = (-?\w+);/g) {
  my ($name, $value, $ours) = ($1, $2, $constants->{"NZ_$1"});
  next if !defined $ours;
  $ours =~ s/^\((.*)\)$/$1/;
  $ours =~ s/u$//;
  fault("Java: $name is $value, not $ours") if $value ne $ours;
}
exit($faults == 0 ? 0 : 1);
