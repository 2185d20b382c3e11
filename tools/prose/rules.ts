/** A turn of phrase that a reader has to read twice. */
interface Rule {
  readonly pattern: RegExp;
  /** The advice, as an imperative. */
  readonly advice: string;
}

/** Nouns that plain English puts after "is no". */
const idioms = "longer|more|less|sooner|way|need|matter|point|such|better|worse";
/** Things that this project creates. */
const created = "(?:service accounts?|accounts?|keys?|members?|memberships?|projects?|invitations?)";
/** Words between two nouns. */
const joining = "of|or|and|in|on|for|to|with|from|per|at|by|as|than|is|has|makes|creates|gets|gives";
/** Things that can be counted. */
const counted = "(?:resource|system|key|line|file|run|call|project|client|person|grant|account|subcommand)";

export const rules: readonly Rule[] = [
  { pattern: /\bwho(?:so)?ever\b/i, advice: 'say "everybody who" or name them' },
  { pattern: /\bwhom\b/i, advice: 'say "who" or name them' },
  { pattern: /\b(?:told|warned|asked) of\b/i, advice: 'say "reported" or "names"' },
  { pattern: /\b(?:speaks?|spoken|spoke) of\b/i, advice: 'say "names" or "means"' },
  { pattern: /\b(?:it|that|this|there) is said\b/i, advice: "say who says it, or what is printed" },
  { pattern: /\bso many\b/i, advice: "give the number or name it" },
  { pattern: /\bany more\b(?=\s*(?:[.,;:)]|$))/i, advice: 'say "no longer"' },
  { pattern: /\bno more\b(?! than\b)/i, advice: 'say "no longer" or "none"' },
  {
    pattern: new RegExp(
      String.raw`(?<!\bthere )\b(?:is|are|was|were|be|been) no (?!(?:${idioms})\b)\w+`,
      "i",
    ),
    advice: 'say "is not a …" or "doesn\'t have a …"',
  },
  { pattern: /\b(?:that|those) which\b/i, advice: "name the thing" },
  { pattern: /\bby which\b/i, advice: "write two sentences" },
  {
    pattern:
      /\b(?:taken|takes?|took) (?:(?:it|them|that|this|what \w+) )?for (?:it|them|a|an|the|one|ours)\b/i,
    advice: 'say "treats … as"',
  },
  { pattern: /\b(?:taken|takes?|took|taking) over\b/i, advice: 'say "adopts"' },
  {
    pattern:
      /(?<=^|[.!?]\s+)(?:Gone|Left|Kept|Shown|Meant|Named|Asked|Told|Known|Lost|Missing|Removed|Declared|Needed) (?:is|are|was|were)\b/,
    advice: "put the subject first",
  },
  {
    pattern: /(?<=^|[.!?]\s+)(?:What|Who|Whose)\b[^.!?:]*\.(?=\s|$)/,
    advice: "start with a noun, not with a clause",
  },
  {
    pattern: /(?<=^|[.!?]\s+)Where (?!to\b)[^.!?]*\.(?=\s|$)/,
    advice: 'start with "If"',
  },
  { pattern: /\bmend(?:s|ed|ing)?\b/i, advice: 'say "fix"' },
  { pattern: /\bin reach\b/i, advice: 'say "visible" or "accessible"' },
  { pattern: /\blook-ups?\b/i, advice: 'say "lookup"' },
  { pattern: /\ball that\b/i, advice: 'say "everything" or name it' },
  { pattern: /\bnothing but\b/i, advice: 'say "only"' },
  { pattern: /\b(?:is|are|was|were) to be\b/i, advice: 'say "must be" or "will be"' },
  { pattern: /\ball the same\b/i, advice: 'say "anyway"' },
  {
    pattern: /\b(?:likewise|thereby|hence|thereof|whereof|wherever|lest|ere|betimes)\b/i,
    advice: "use the usual word",
  },
  { pattern: /\b(?:go|goes|went|going) on\b(?! to\b)/i, advice: 'say "continues" or "keeps"' },
  { pattern: /\b(?:go|goes) by\b/i, advice: 'say "follows" or "uses"' },
  { pattern: /\b(?:came|comes?) (?:about|to light)\b/i, advice: 'say "was created" or "is found"' },
  { pattern: /\bin clear\b(?! text)/i, advice: 'say "in plaintext"' },
  { pattern: /\bof (?:ours|theirs|yours)\b/i, advice: 'say "our …" or "their …"' },
  { pattern: /\bwho may (?:reach|do) what\b/i, advice: 'say "who can access what"' },
  {
    pattern: new RegExp(
      String.raw`\b(?:make|makes|making) (?:(?:a|an|another|the|new|more|such|one) )*${created}\b`,
      "i",
    ),
    advice: 'say "create"',
  },
  {
    pattern: /\b(?:key|account|member|membership|project)s? goe?s?(?= (?:when|only|first|with)\b|[.,;])/i,
    advice: 'say "is deleted"',
  },
  {
    pattern: new RegExp(String.raw`\b(?:one|an?)(?: (?!(?:${joining})\b)\w+)? a ${counted}\b`, "i"),
    advice: 'say "for each"',
  },
];

/** The longest sentence, in words. */
export const longestSentence = 35;
