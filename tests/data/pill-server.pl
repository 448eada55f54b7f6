#!/usr/bin/perl
# A web server on 127.0.0.1 for tests: the files of a directory.
#
#     pill-server.pl DIR PORTFILE LOG
#
# Its port goes to PORTFILE when it listens; what was asked for to LOG, a line
# "PATH RANGE IF-NONE-MATCH" each, - for none.  It ends when standard input
# does.  Ranges are answered where If-Range is the ETag, which is the file's
# length and its first bytes.
#
#     /cut/NAME     NAME; while there is a file "cutting" in DIR, only 1000
#                   bytes of it, but all of a range
#     /moved/NAME   a redirect to /NAME
#     /weak/NAME    without an ETag or a date
use strict;
use warnings;
use IO::Select;
use IO::Socket::INET;

my ($dir, $portfile, $log) = @ARGV;
$SIG{PIPE} = 'IGNORE';
my $server = IO::Socket::INET->new(
	LocalAddr => '127.0.0.1', LocalPort => 0, Listen => 8, Proto => 'tcp')
	or die "listen: $!";

sub slurp {
	my ($name) = @_;
	open my $f, '<:raw', $name or return;
	local $/;
	return scalar <$f>;
}

sub spit {
	my ($name, $mode, $text) = @_;
	open my $f, $mode, $name or die "$name: $!";
	print $f $text;
	close $f;
}

sub answer {
	my ($c, $path, $ask) = @_;
	my $how = $path =~ s{^/(cut|moved|weak)/}{/} ? $1 : '';
	return print $c "HTTP/1.0 302 Found\r\nLocation: $path\r\n\r\n"
		if $how eq 'moved';
	my $body = $path =~ m{^/[\w.]+$} ? slurp("$dir$path") : undef;
	return print $c "HTTP/1.0 404 Not Found\r\n\r\n" unless defined $body;
	my $tag = sprintf '"%d-%s"', length $body, unpack 'H16', $body;
	return print $c "HTTP/1.0 304 Not Modified\r\n\r\n"
		if ($ask->{'if-none-match'} // '') eq $tag;
	my ($all, $from, $status) = (length $body, 0, '200 OK');
	my $about = $how eq 'weak' ? '' : "ETag: $tag\r\n";
	if (($ask->{'if-range'} // '') eq $tag && $ask->{range} =~ /=(\d+)-/) {
		$from = $1;
		return print $c "HTTP/1.0 416 Beyond\r\n\r\n" if $from >= $all;
		$status = '206 Partial Content';
		$about .= sprintf "Content-Range: bytes %d-%d/%d\r\n",
			$from, $all - 1, $all;
	}
	$body = substr $body, $from;
	printf $c "HTTP/1.0 %s\r\n%sContent-Length: %d\r\n\r\n",
		$status, $about, length $body;
	$body = substr $body, 0, 1000 if $how eq 'cut' && !$from && -e "$dir/cutting";
	print $c $body;
}

sub serve {
	my ($c) = @_;
	my ($path) = (<$c> // '') =~ /^GET (\S+)/ or return;
	my %ask;
	while (defined(my $line = <$c>)) {
		$line =~ s/\r?\n$//;
		last if $line eq '';
		$ask{lc $1} = $2 if $line =~ /^([\w-]+):\s*(.*)/;
	}
	spit($log, '>>', join(' ', $path,
		$ask{range} // '-', $ask{'if-none-match'} // '-') . "\n");
	answer($c, $path, \%ask);
}

spit("$portfile.new", '>', $server->sockport . "\n");
rename "$portfile.new", $portfile or die "$portfile: $!";
my $select = IO::Select->new($server, \*STDIN);
while (1) {
	for my $h ($select->can_read) {
		if ($h == $server) {
			my $c = $server->accept or next;
			serve($c);
			close $c;
		} elsif (!sysread STDIN, my $none, 4096) {
			exit 0;
		}
	}
}
