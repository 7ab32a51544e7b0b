// SPDX-License-Identifier: Apache-2.0
// One statement of the Landlatch policy language. The caller cuts the file into statements (README.md), so that no
// parse tree outlives its statement.
//
// Every decision is LL(1): the generated parser switches on the next token and never simulates the ATN. Where the
// language is stricter than what reads well here (order of `and` and `or`, things said twice), the grammar accepts
// more and compiler/syntax refuses it with a message of its own.
parser grammar LandlatchParser;
options { tokenVocab = LandlatchLexer; }

/// A statement and nothing behind it: used to find out what is wrong.
onlyStatement : statement EOF ;

statement
    : ( abiDecl | requiresDecl | importDecl | useRules | letDecl | paramDecl | rulesetDecl | ruleDecl | preferDecl
      | testDecl ) SEMI?
    ;

abiDecl      : ABI NUMBER ;
requiresDecl : REQUIRES ABI NUMBER ( LEAVING givenUp UNRESTRICTED )? ;
importDecl   : IMPORT ( RELATIVE | STRING ) ( AS word )? ;
useRules     : USE RULES names ;
letDecl      : LET word EQUALS value ;
paramDecl    : PARAM word COLON word ( EQUALS ( ENV word | value ) )? ;
preferDecl   : PREFER word OVER word ;

// --- names and values ---

word  : WORD | STRING ;
words : ( WORD | STRING ) ( COMMA ( WORD | STRING ) )* ;
names : word ( COMMA word )* ;

value   : pattern | NUMBER | RANGE | word | list ;
list    : LBRACK value ( COMMA value )* RBRACK ;
pattern : ( PATH | VARIABLE ) ( PATH_TEXT | PATH_VARIABLE )* ;
path    : pattern | STRING ;
port    : NUMBER | RANGE | VARIABLE ;
ports   : port ( COMMA port )* ;

// --- rulesets ---

rulesetDecl : RULESET word ( EXTENDS names )? LBRACE ( ( allow | leave | isolate | quiet | log | pathsIn ) SEMI? )* RBRACE ;

allow      : ALLOW words ( pathGrants | operations ports ) ;
pathGrants : ( BENEATH | FILE | EACH ) pathItem ( COMMA pathItem )* ( EXCEPT path ( COMMA path )* )? ;
pathItem   : OPTIONAL? ( pattern | STRING ) ;
operations : WORD ( COMMA WORD )* ;

leave   : LEAVE givenUp UNRESTRICTED ;
/// Categories and rights; `tcp connect` is one right.
givenUp : right ( COMMA right )* ;
right   : word WORD? ;
isolate : ISOLATE words ;
quiet   : QUIET words ( quietPaths | operations ports? ) ;
quietPaths : ( BENEATH | FILE ) path ( COMMA path )* ;
log     : LOG word word ;
pathsIn : PATHS IN word ;

// --- rules ---

ruleDecl  : ( RULE word COLON )? WHEN condition unlessPart* ( ALWAYS | AUDIT )* action ;
unlessPart : UNLESS condition ;

/// A flat row: `a and b and c`, `a or b`. Rows that mix are refused later, with both readings.
condition : term ( ( AND | OR )? term )* ;
term      : NOT* ( fact | LPAREN condition unlessPart* RPAREN ) ;

fact
    : EXEC ( MATCHES items | UNLINKED )
    | ( SCRIPT | FILE ) MATCHES items
    | ( PARENT | ANCESTOR ) EXEC MATCHES items
    | place
    | user
    | SETUID
    ;
place : UNDER ( UNIT | USER UNIT | SLICE | CGROUP ) items | IN word ;
user  : ( USER | REAL USER | GROUP ) items ;

items : item ( COMMA item )* ;
item  : OPTIONAL? ( pattern | NUMBER | word ) ;

action : apply | deny | PASS ;
apply  : APPLY RULESET? names ( WITH word )? ;
deny   : DENY STRING? ;

// --- tests ---

testDecl : TEST word LBRACE ( testItem SEMI? )* RBRACE ;
testItem : given | setParam | testExec | expect ;

given    : GIVEN LINK path ARROW ( RELATIVE | STRING ) ;
setParam : SET word EQUALS value ;
testExec : EXEC path testFact* ;
testFact
    : SCRIPT path
    | PARENT EXEC path
    | ANCESTOR EXEC path ( COMMA path )*
    | place
    | user
    | SETUID
    | UNLINKED
    ;

expect   : EXPECT ( decision | access ) ( FROM ABI NUMBER )? ;
decision : apply | NONE | PASS | REFUSE STRING? ;
access   : ( ALLOW | DENY ) words ( path | operations ports? ) ;
