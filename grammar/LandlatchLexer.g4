// SPDX-License-Identifier: Apache-2.0
// Tokens of the Landlatch policy language (language points 1 to 4). README.md beside this file explains the modes.
//
// The lexer reads bytes, not code points: token offsets are byte offsets, and every byte from 0x80 up arrives as
// U+0001, which no checked policy contains. So each edge of the lexer's automaton lies in ASCII, where it is cached.
lexer grammar LandlatchLexer;

// --- keywords: reserved everywhere, quote one to use it as a name ---

ABI          : 'abi' ;
ALLOW        : 'allow' ;
ALWAYS       : 'always' ;
ANCESTOR     : 'ancestor' ;
AND          : 'and' ;
APPLY        : 'apply' ;
AS           : 'as' ;
AUDIT        : 'audit' ;
BENEATH      : 'beneath' ;
CGROUP       : 'cgroup' ;
DENY         : 'deny' ;
EACH         : 'each' ;
ENV          : 'env' ;
EXCEPT       : 'except' ;
EXEC         : 'exec' ;
EXPECT       : 'expect' ;
EXTENDS      : 'extends' ;
FILE         : 'file' ;
FROM         : 'from' ;
GIVEN        : 'given' ;
GROUP        : 'group' ;
IMPORT       : 'import' -> pushMode(RELATIVE_PATH) ;
IN           : 'in' ;
ISOLATE      : 'isolate' ;
LEAVE        : 'leave' ;
LEAVING      : 'leaving' ;
LET          : 'let' ;
LINK         : 'link' ;
LOG          : 'log' ;
MATCHES      : 'matches' ;
NONE         : 'none' ;
NOT          : 'not' ;
OPTIONAL     : 'optional' ;
OR           : 'or' ;
OVER         : 'over' ;
PARAM        : 'param' ;
PARENT       : 'parent' ;
PASS         : 'pass' ;
PATHS        : 'paths' ;
PREFER       : 'prefer' ;
QUIET        : 'quiet' ;
REAL         : 'real' ;
REFUSE       : 'refuse' ;
REQUIRES     : 'requires' ;
RULE         : 'rule' ;
RULES        : 'rules' ;
RULESET      : 'ruleset' ;
SCRIPT       : 'script' ;
SET          : 'set' ;
SETUID       : 'setuid' ;
SLICE        : 'slice' ;
TEST         : 'test' ;
UNDER        : 'under' ;
UNIT         : 'unit' ;
UNLESS       : 'unless' ;
UNLINKED     : 'unlinked' ;
UNRESTRICTED : 'unrestricted' ;
USE          : 'use' ;
USER         : 'user' ;
WHEN         : 'when' ;
WITH         : 'with' ;

// --- names, numbers, strings ---

WORD         : COMPONENT ( '.' COMPONENT )* ;
NUMBER       : DIGIT+ ;
RANGE        : DIGIT+ '..' DIGIT+ ;
STRING       : '"' STRING_BYTE* '"' ;
UNTERMINATED : '"' STRING_BYTE* '\\'? ;

// --- punctuation ---

LBRACE : '{' ;
RBRACE : '}' ;
LBRACK : '[' ;
RBRACK : ']' ;
LPAREN : '(' ;
RPAREN : ')' ;
COMMA  : ',' ;
SEMI   : ';' ;
COLON  : ':' ;
EQUALS : '=' ;
ARROW  : '->' -> pushMode(RELATIVE_PATH) ;

// --- paths: the first piece here, the others in IN_PATH ---

PATH        : '/' PATH_ATOM* -> pushMode(IN_PATH) ;
VARIABLE    : USE_OF_VARIABLE -> pushMode(IN_PATH) ;
LONE_DOLLAR : '$' ;

COMMENT     : '#' ~[\r\n]* ;
WHITE_SPACE : [ \t\r\n]+ -> skip ;

// What is no token above but looks like one word: it needs quotes. Longest match lets it win over WORD and NUMBER.
UNQUOTED : ~[ \t\r\n,;(){}[\]#":=$/] ~[ \t\r\n,;(){}[\]#":=]* ;
STRAY    : . ;

fragment DIGIT           : [0-9] ;
fragment COMPONENT       : [A-Za-z_] [A-Za-z0-9_@\-]* ;
fragment ESCAPE          : '\\' ~[\r\n] ;
fragment STRING_BYTE     : ~["\\\r\n] | ESCAPE ;
fragment USE_OF_VARIABLE : '$' ( COMPONENT | '{' COMPONENT ( '.' COMPONENT )? '}' ) ;
fragment CLASS           : '[' ( ~[ \t\r\n#"\]\\] | ESCAPE )* ']' ;
fragment PATH_ATOM       : ~[ \t\r\n,;(){}[\]#"$\\] | ESCAPE | CLASS ;

// Right behind a piece of a path. White space or a delimiter ends the path; a '}' or ']' without its opening one
// belongs to what is around the path.
mode IN_PATH;

PATH_TEXT      : PATH_ATOM+ ;
PATH_VARIABLE  : USE_OF_VARIABLE ;
PATH_DOLLAR    : '$' -> type(LONE_DOLLAR) ;
PATH_OPEN      : '{' -> type(PATH_TEXT), pushMode(IN_BRACES) ;
PATH_RBRACE    : '}' -> type(RBRACE), popMode ;
PATH_RBRACK    : ']' -> type(RBRACK), popMode ;
PATH_LPAREN    : '(' -> type(LPAREN), popMode ;
PATH_RPAREN    : ')' -> type(RPAREN), popMode ;
PATH_COMMA     : ',' -> type(COMMA), popMode ;
PATH_SEMI      : ';' -> type(SEMI), popMode ;
PATH_STRING    : '"' STRING_BYTE* '"' -> type(STRING), popMode ;
PATH_UNTERMINATED : '"' STRING_BYTE* '\\'? -> type(UNTERMINATED), popMode ;
PATH_COMMENT   : '#' ~[\r\n]* -> type(COMMENT), popMode ;
PATH_SPACE     : [ \t\r\n]+ -> skip, popMode ;
PATH_STRAY     : . -> type(STRAY) ;

// Inside '{a,b}' of a bare path, where commas belong to it and white space is an error.
mode IN_BRACES;

BRACES_TEXT     : ( PATH_ATOM | [,;()] )+ -> type(PATH_TEXT) ;
BRACES_VARIABLE : USE_OF_VARIABLE -> type(PATH_VARIABLE) ;
BRACES_DOLLAR   : '$' -> type(LONE_DOLLAR) ;
BRACES_OPEN     : '{' -> type(PATH_TEXT), pushMode(IN_BRACES) ;
BRACES_CLOSE    : '}' -> type(PATH_TEXT), popMode ;
BRACES_SPACE    : [ \t\r\n]+ ;
BRACES_COMMENT  : '#' ~[\r\n]* -> type(COMMENT) ;
BRACES_STRAY    : . -> type(STRAY) ;

// The one word after 'import' and '->', which may hold '/' anywhere (language point 3).
mode RELATIVE_PATH;

RELATIVE         : [A-Za-z0-9_@.+/~\-]+ -> popMode ;
RELATIVE_STRING  : '"' STRING_BYTE* '"' -> type(STRING), popMode ;
RELATIVE_UNTERMINATED : '"' STRING_BYTE* '\\'? -> type(UNTERMINATED), popMode ;
RELATIVE_BLANK   : [ \t]+ -> skip ;
RELATIVE_NEWLINE : [\r\n] -> skip, popMode ;
RELATIVE_COMMENT : '#' ~[\r\n]* -> type(COMMENT) ;
RELATIVE_RBRACE  : '}' -> type(RBRACE), popMode ;
RELATIVE_SEMI    : ';' -> type(SEMI), popMode ;
RELATIVE_STRAY   : . -> type(STRAY), popMode ;
