# A frame of a few hundred bytes that means more than can be done: a list
# [x x x], x the same noun each time, and so on, 60 deep.  Without an argument
# the blit is %mor, with one a %slog of %rose.
use strict;
use warnings;

my ($bits, %at) = ('');

sub mat {
	my ($n) = @_;
	return '1' if $n == 0;
	my $len = length sprintf '%b', $n;
	my $k = length sprintf '%b', $len;
	my $low = substr reverse(sprintf '%0' . ($k - 1) . 'b', $len - (1 << $k - 1)), 0;
	$low = '' if $k == 1;
	return '0' x $k . '1' . $low . reverse sprintf '%b', $n;
}

# Nouns are numbers and [head, tail]; one that was written is a reference.
sub put {
	my ($noun) = @_;
	if (ref $noun and defined $at{$noun}) {
		$bits .= '11' . mat($at{$noun});
		return;
	}
	$at{$noun} = length $bits if ref $noun;
	if (ref $noun) {
		$bits .= '10';
		put($_) for @$noun;
	} else {
		$bits .= '0' . mat($noun);
	}
}

sub tag { unpack 'Q<', $_[0] . "\0" x (8 - length $_[0]) }
sub tuple { my $end = pop; $end = [$_, $end] for reverse @_; $end }

my $x = @ARGV ? tag('ab') : tuple(tag('bel'), 0);
for (1 .. 60) {
	my $list = tuple($x, $x, $x, 0);
	$x = @ARGV
	    ? [tag('rose'), [tuple([tag('.'), 0], [tag('['), 0], [tag(']'), 0]), $list]]
	    : [tag('mor'), $list];
}
put(@ARGV ? tuple(tag('slog'), 0, $x)
	  : tuple([tag('d'), tuple(tag('term'), 49, 0)], tag('blit'), [$x, 0]));
my $jam = pack 'b*', $bits;
print pack('CV', 0, length $jam), $jam;
