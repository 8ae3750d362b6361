#!/usr/bin/env perl
# authority_responder.pl PORT_FILE LIST: what a health authority's servers answer, on a port of
# 127.0.0.1 that it writes into PORT_FILE. It takes the code 12345678, ties certificates to keys by
# their HMAC as a real one does, and publishes LIST as lists/1.zip, with lists/gone.zip beside it in
# the index, which is not there. What a phone must not send, it answers with 418.
use strict;
use warnings;
use Digest::SHA qw(hmac_sha256_base64);
use IO::Socket::INET;
use JSON::PP;
use MIME::Base64;

my ($port_file, $list_file) = @ARGV;
my %size_of = ('/api/verify' => 2048, '/api/certificate' => 2048, '/v1/publish' => 8192);
my $list = do { local $/; open(my $in, '<:raw', $list_file) or die "$list_file: $!\n"; <$in> };
my $hmac_of_certificate = '';

sub error { return (400, { error => 'no', errorCode => $_[0], error_code => $_[0] }); }

sub published {
  my ($said) = @_;
  my @parts = map { "$_->{key}.$_->{rollingStartNumber}.$_->{rollingPeriod}.0" }
    @{$said->{temporaryExposureKeys}};
  my $hmac = hmac_sha256_base64(join(',', sort @parts), decode_base64($said->{hmacKey}));
  return (401, { code => 'health_authority_verification_certificate_invalid' })
    if $said->{verificationPayload} ne 'cer.tifi.cate' || "$hmac=" ne $hmac_of_certificate;
  return (401, { code => 'unknown_health_authority_id' })
    if $said->{healthAuthorityID} ne 'org.example.app';
  return (200, { revisionToken => 'cmV2', insertedExposures => scalar @parts });
}

sub posted {
  my ($path, $header, $body) = @_;
  return (404, {}) if !$size_of{$path};
  my $marks = grep { ($header->{$_} // '') eq '1' } qw(x-grain x-chaff);
  return (418, {}) if $marks != 1 || $header->{'content-type'} ne 'application/json'
    || length $body != $size_of{$path};
  return (200, { padding => 'x' }) if $header->{'x-chaff'};
  return (401, {}) if $path =~ m{^/api/} && ($header->{'x-api-key'} // '') ne 'key of the app';
  my $said = decode_json($body);
  return published($said) if $path eq '/v1/publish';
  if ($path eq '/api/verify') {
    return error('code_invalid') if $said->{code} ne '12345678';
    return (200, { token => 'to.ken', testtype => 'confirmed', symptomDate => '2020-07-22' });
  }
  return error('token_invalid') if $said->{token} ne 'to.ken';
  $hmac_of_certificate = $said->{ekeyhmac};
  return (200, { certificate => 'cer.tifi.cate' });
}

sub got {
  my ($path, $header) = @_;
  return (200, $list, '') if $path eq '/lists/1.zip';
  return (404, '', '') if $path ne '/index.txt';
  return (304, '', '"v1"') if ($header->{'if-none-match'} // '') eq '"v1"';
  return (200, "lists/1.zip\nlists/gone.zip", '"v1"');
}

my $server = IO::Socket::INET->new(LocalAddr => '127.0.0.1', Listen => 16, ReuseAddr => 1)
  or die "no port: $!\n";
open(my $out, '>', "$port_file.new") or die "$port_file: $!\n";
print $out $server->sockport, "\n";
close $out;
rename("$port_file.new", $port_file) or die "$port_file: $!\n";

$SIG{PIPE} = 'IGNORE';
while (my $client = $server->accept) {
  my ($method, $path) = split / /, (<$client> // '');
  my %header;
  while (defined(my $line = <$client>)) {
    last if $line =~ /^\r?$/;
    $header{lc $1} = $2 if $line =~ /^([^:]+): *(.*?)\r?$/;
  }
  read($client, my $body, $header{'content-length'} // 0) if defined $path;
  next if !defined $path;
  my ($status, $answer, $etag) =
    $method eq 'POST' ? posted($path, \%header, $body) : got($path, \%header);
  $answer = encode_json($answer) if ref $answer;
  print $client "HTTP/1.1 $status x\r\nConnection: close\r\nContent-Length: ", length $answer,
    ($etag ? "\r\nETag: $etag" : ''), "\r\n\r\n", $answer;
  close $client;
}
