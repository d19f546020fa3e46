"""A heap of pairs by rank and place, and links to the neighbours: one merge at a time."""

import heapq

import regex

GPT2_PAT = r"""'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"""


def is_space(c):
    return regex.fullmatch(r"\s", c) is not None


class BPETokenizer:
    def __init__(self, vocab, merges, special_tokens=()):
        self.text_of = {**vocab}
        self.id_of = {token: number for number, token in vocab.items()}
        self.ranks = {}
        for left, right in merges:
            self.ranks.setdefault((left, right), len(self.ranks))
        self.specials = {}
        for special in special_tokens:
            token = special.encode("utf-8")
            if token not in self.id_of:
                number = 1 + max(self.text_of)
                self.text_of[number] = token
                self.id_of[token] = number
            self.specials[special] = self.id_of[token]

    def parts(self, s):
        """(start, end, id) of special tokens, and id None for what is between them."""
        start = here = 0
        while here < len(s):
            fitting = [special for special in self.specials if s.startswith(special, here)]
            if fitting:
                longest = max(fitting, key=len)
                yield start, here, None
                yield here, here + len(longest), self.specials[longest]
                start = here = here + len(longest)
            else:
                here += 1
        yield start, len(s), None

    def encode(self, s):
        ids = []
        for start, end, number in self.parts(s):
            if number is None:
                for match in regex.finditer(GPT2_PAT, s[start:end]):
                    ids.extend(self.merge(match.group().encode("utf-8")))
            else:
                ids.append(number)
        return ids

    def merge(self, raw):
        token = [raw[i : i + 1] for i in range(len(raw))]
        after = [*range(1, len(raw) + 1)]
        before = [*range(-1, len(raw) - 1)]
        heap = []

        def offer(i):
            j = after[i] if i >= 0 else len(raw)
            if j < len(raw) and (token[i], token[j]) in self.ranks:
                heapq.heappush(heap, (self.ranks[token[i], token[j]], i, token[i], token[j]))

        for i in range(len(raw)):
            offer(i)
        while heap:
            _, i, left, right = heapq.heappop(heap)
            j = after[i]
            if token[i] != left or j >= len(raw) or token[j] != right:
                continue
            token[i], token[j] = left + right, None
            after[i] = after[j]
            if after[j] < len(raw):
                before[after[j]] = i
            offer(before[i])
            offer(i)
        return [self.id_of[t] for t in token if t is not None]

    def decode(self, ids):
        raw = bytearray()
        for number in ids:
            raw.extend(self.text_of[number])
        return str(raw, "utf-8", "replace")

    def encode_iterable(self, it):
        held = ""
        for chunk in it:
            held += chunk
            cut = self.cut(held)
            for number in self.encode(held[:cut]):
                yield number
            held = held[cut:]
        for number in self.encode(held):
            yield number

    def cut(self, s):
        """Up to where `s` is settled: before white space, or behind a special token."""
        stop = len(s)  # where a special token may have begun that is not complete
        for special in self.specials:
            for k in range(1, len(special)):
                if s.endswith(special[:k]):
                    stop = min(stop, len(s) - k)
        cut = 0
        for start, end, number in self.parts(s):
            if number is None:
                inside = range(start + 1, min(end, stop + 1))
                borders = [i for i in inside if is_space(s[i]) and not is_space(s[i - 1])]
                cut = max([cut, *borders])
            elif end <= stop:
                cut = end
            if end > stop:
                break
        return cut
