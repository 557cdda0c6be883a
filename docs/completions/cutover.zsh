#compdef cutover

autoload -U is-at-least

_cutover() {
    typeset -A opt_args
    typeset -a _arguments_options
    local ret=1

    if is-at-least 5.2; then
        _arguments_options=(-s -S -C)
    else
        _arguments_options=(-s -C)
    fi

    local context curcontext="$curcontext" state line
    _arguments "${_arguments_options[@]}" : \
'-c+[Configuration file \[default\: cutover.toml\]]:FILE:_files' \
'--config=[Configuration file \[default\: cutover.toml\]]:FILE:_files' \
'--world=[Use the built-in emulator with this world instead of a tenant; \`cutover emulator --list\` names them]:NAME:_default' \
'--state=[Folder for attestations, the journal of runs and, with --world, for the world'\''s state and clock \[default\: a folder of its own\]]:DIR:_files' \
'(--world)--sign-in=[Sign in to the Dynamics tenant this way instead of that of the configuration]:METHOD:((browser\:"A person, in the browser of this machine"
device-code\:"A person, by a code that is typed on any device"
client-secret\:"An application, by a secret"
client-certificate\:"An application, by a certificate"
workload-identity\:"An application, by the token of another issuer"
managed-identity\:"The managed identity of a machine or service of Azure"
azure-cli\:"Whoever is signed in to the Azure CLI"))' \
'--trust-connection[Use what this machine is signed in to (azure-cli, managed-identity, a kept sign-in) though \[connection\] leads elsewhere]' \
'--non-interactive[Ask nobody anything\: neither to sign in nor for an answer]' \
'--plain[Only ASCII, no colour]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
'-V[Print version]' \
'--version[Print version]' \
":: :_cutover_commands" \
"*::: :->cutover" \
&& ret=0
    case $state in
    (cutover)
        words=($line[1] "${words[@]}")
        (( CURRENT += 1 ))
        curcontext="${curcontext%:*:*}:cutover-command-$line[1]:"
        case $line[1] in
            (check)
_arguments "${_arguments_options[@]}" : \
'*--only=[Only these requirements, such as W301]:CODE:_default' \
'*--skip=[All requirements but these]:CODE:_default' \
'-o+[What is written to standard output]:FORMAT:((table\:"For a person"
short\:"One line a requirement that is not simply met"
json\:"For a program, with a published schema"))' \
'--output=[What is written to standard output]:FORMAT:((table\:"For a person"
short\:"One line a requirement that is not simply met"
json\:"For a program, with a published schema"))' \
'--wait=[Check again until ready, for at most this long, such as 15m]:TIME:_default' \
'-c+[Configuration file \[default\: cutover.toml\]]:FILE:_files' \
'--config=[Configuration file \[default\: cutover.toml\]]:FILE:_files' \
'--world=[Use the built-in emulator with this world instead of a tenant; \`cutover emulator --list\` names them]:NAME:_default' \
'--state=[Folder for attestations, the journal of runs and, with --world, for the world'\''s state and clock \[default\: a folder of its own\]]:DIR:_files' \
'(--world)--sign-in=[Sign in to the Dynamics tenant this way instead of that of the configuration]:METHOD:((browser\:"A person, in the browser of this machine"
device-code\:"A person, by a code that is typed on any device"
client-secret\:"An application, by a secret"
client-certificate\:"An application, by a certificate"
workload-identity\:"An application, by the token of another issuer"
managed-identity\:"The managed identity of a machine or service of Azure"
azure-cli\:"Whoever is signed in to the Azure CLI"))' \
'--strict-warnings[Exit with 6 when ready with warnings]' \
'--trust-connection[Use what this machine is signed in to (azure-cli, managed-identity, a kept sign-in) though \[connection\] leads elsewhere]' \
'--non-interactive[Ask nobody anything\: neither to sign in nor for an answer]' \
'--plain[Only ASCII, no colour]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
'-V[Print version]' \
'--version[Print version]' \
&& ret=0
;;
(explain)
_arguments "${_arguments_options[@]}" : \
'-c+[Configuration file \[default\: cutover.toml\]]:FILE:_files' \
'--config=[Configuration file \[default\: cutover.toml\]]:FILE:_files' \
'--world=[Use the built-in emulator with this world instead of a tenant; \`cutover emulator --list\` names them]:NAME:_default' \
'--state=[Folder for attestations, the journal of runs and, with --world, for the world'\''s state and clock \[default\: a folder of its own\]]:DIR:_files' \
'(--world)--sign-in=[Sign in to the Dynamics tenant this way instead of that of the configuration]:METHOD:((browser\:"A person, in the browser of this machine"
device-code\:"A person, by a code that is typed on any device"
client-secret\:"An application, by a secret"
client-certificate\:"An application, by a certificate"
workload-identity\:"An application, by the token of another issuer"
managed-identity\:"The managed identity of a machine or service of Azure"
azure-cli\:"Whoever is signed in to the Azure CLI"))' \
'--trust-connection[Use what this machine is signed in to (azure-cli, managed-identity, a kept sign-in) though \[connection\] leads elsewhere]' \
'--non-interactive[Ask nobody anything\: neither to sign in nor for an answer]' \
'--plain[Only ASCII, no colour]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
'-V[Print version]' \
'--version[Print version]' \
'::code -- The requirement, such as W301; without one, all of them are listed:_default' \
&& ret=0
;;
(explain-mfa)
_arguments "${_arguments_options[@]}" : \
'-u+[The account, by user principal name]:NAME:_default' \
'--user=[The account, by user principal name]:NAME:_default' \
'-a+[What it signs in to\: dataverse, partner-center, or an application id]:APP:_default' \
'--app=[What it signs in to\: dataverse, partner-center, or an application id]:APP:_default' \
'--facts=[Explain from stored facts, without any network]:FILE:_files' \
'-o+[What is written to standard output]:FORMAT:((table\:"For a person"
json\:"For a program"))' \
'--output=[What is written to standard output]:FORMAT:((table\:"For a person"
json\:"For a program"))' \
'-c+[Configuration file \[default\: cutover.toml\]]:FILE:_files' \
'--config=[Configuration file \[default\: cutover.toml\]]:FILE:_files' \
'--world=[Use the built-in emulator with this world instead of a tenant; \`cutover emulator --list\` names them]:NAME:_default' \
'--state=[Folder for attestations, the journal of runs and, with --world, for the world'\''s state and clock \[default\: a folder of its own\]]:DIR:_files' \
'(--world)--sign-in=[Sign in to the Dynamics tenant this way instead of that of the configuration]:METHOD:((browser\:"A person, in the browser of this machine"
device-code\:"A person, by a code that is typed on any device"
client-secret\:"An application, by a secret"
client-certificate\:"An application, by a certificate"
workload-identity\:"An application, by the token of another issuer"
managed-identity\:"The managed identity of a machine or service of Azure"
azure-cli\:"Whoever is signed in to the Azure CLI"))' \
'--trust-connection[Use what this machine is signed in to (azure-cli, managed-identity, a kept sign-in) though \[connection\] leads elsewhere]' \
'--non-interactive[Ask nobody anything\: neither to sign in nor for an answer]' \
'--plain[Only ASCII, no colour]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
'-V[Print version]' \
'--version[Print version]' \
&& ret=0
;;
(attest)
_arguments "${_arguments_options[@]}" : \
'--by=[Who saw it\: a name or address]:NAME:_default' \
'--seen=[What was seen, in their words]:TEXT:_default' \
'--for-version=[The Work 365 version it was seen on \[default\: the installed one\]]:VERSION:_default' \
'-c+[Configuration file \[default\: cutover.toml\]]:FILE:_files' \
'--config=[Configuration file \[default\: cutover.toml\]]:FILE:_files' \
'--world=[Use the built-in emulator with this world instead of a tenant; \`cutover emulator --list\` names them]:NAME:_default' \
'--state=[Folder for attestations, the journal of runs and, with --world, for the world'\''s state and clock \[default\: a folder of its own\]]:DIR:_files' \
'(--world)--sign-in=[Sign in to the Dynamics tenant this way instead of that of the configuration]:METHOD:((browser\:"A person, in the browser of this machine"
device-code\:"A person, by a code that is typed on any device"
client-secret\:"An application, by a secret"
client-certificate\:"An application, by a certificate"
workload-identity\:"An application, by the token of another issuer"
managed-identity\:"The managed identity of a machine or service of Azure"
azure-cli\:"Whoever is signed in to the Azure CLI"))' \
'--trust-connection[Use what this machine is signed in to (azure-cli, managed-identity, a kept sign-in) though \[connection\] leads elsewhere]' \
'--non-interactive[Ask nobody anything\: neither to sign in nor for an answer]' \
'--plain[Only ASCII, no colour]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
'-V[Print version]' \
'--version[Print version]' \
':code -- The requirement, such as W104:_default' \
&& ret=0
;;
(facts)
_arguments "${_arguments_options[@]}" : \
'-o+[Where to; \`-\` is standard output]:FILE:_files' \
'--output=[Where to; \`-\` is standard output]:FILE:_files' \
'--from=[Redact this stored file instead of looking at the tenant]:FILE:_files' \
'-c+[Configuration file \[default\: cutover.toml\]]:FILE:_files' \
'--config=[Configuration file \[default\: cutover.toml\]]:FILE:_files' \
'--world=[Use the built-in emulator with this world instead of a tenant; \`cutover emulator --list\` names them]:NAME:_default' \
'--state=[Folder for attestations, the journal of runs and, with --world, for the world'\''s state and clock \[default\: a folder of its own\]]:DIR:_files' \
'(--world)--sign-in=[Sign in to the Dynamics tenant this way instead of that of the configuration]:METHOD:((browser\:"A person, in the browser of this machine"
device-code\:"A person, by a code that is typed on any device"
client-secret\:"An application, by a secret"
client-certificate\:"An application, by a certificate"
workload-identity\:"An application, by the token of another issuer"
managed-identity\:"The managed identity of a machine or service of Azure"
azure-cli\:"Whoever is signed in to the Azure CLI"))' \
'--redact[Replace names, addresses and ids by tokens, so that the file can be passed on]' \
'--trust-connection[Use what this machine is signed in to (azure-cli, managed-identity, a kept sign-in) though \[connection\] leads elsewhere]' \
'--non-interactive[Ask nobody anything\: neither to sign in nor for an answer]' \
'--plain[Only ASCII, no colour]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
'-V[Print version]' \
'--version[Print version]' \
&& ret=0
;;
(plan)
_arguments "${_arguments_options[@]}" : \
'-o+[Keep the plan in this file, for \`cutover apply\`]:FILE:_files' \
'--file=[Keep the plan in this file, for \`cutover apply\`]:FILE:_files' \
'--output=[What is written to standard output]:FORMAT:((table\:"For a person"
json\:"The plan itself, with a published schema"))' \
'*--only=[Only these requirements, such as W301]:CODE:_default' \
'*--skip=[All requirements but these]:CODE:_default' \
'--mfa=[By what MFA is demanded; without it nothing demands it]:HOW:((per-user\:"Per-user MFA of the account"
conditional-access\:"A Conditional Access policy for the account, report-only at first"
security-defaults\:"Security defaults, for everybody"))' \
'*--emergency-account=[An account that a Conditional Access policy leaves out\: user principal name or object id; may be repeated]:NAME:_default' \
'--sku=[The licence to assign\: SKU part number or id \[default\: the first free one that does\]]:SKU:_default' \
'--usage-location=[The country of people who have none, such as NL\: no licence can be assigned without it]:COUNTRY:_default' \
'--time-zone=[Microsoft'\''s time zone code for a service account that has none, such as 110]:CODE:_default' \
'--role-group=[A role-assignable group of Global Administrators, by object id\: the role is lent by membership of it]:ID:_default' \
'--loan-limit=[How long anything is out on loan at most]:TIME:_default' \
'--justification=[Why, in the words that Microsoft'\''s audit logs will show]:TEXT:_default' \
'--ticket=[Number of the ticket, where PIM asks for one]:NUMBER:_default' \
'-c+[Configuration file \[default\: cutover.toml\]]:FILE:_files' \
'--config=[Configuration file \[default\: cutover.toml\]]:FILE:_files' \
'--world=[Use the built-in emulator with this world instead of a tenant; \`cutover emulator --list\` names them]:NAME:_default' \
'--state=[Folder for attestations, the journal of runs and, with --world, for the world'\''s state and clock \[default\: a folder of its own\]]:DIR:_files' \
'(--world)--sign-in=[Sign in to the Dynamics tenant this way instead of that of the configuration]:METHOD:((browser\:"A person, in the browser of this machine"
device-code\:"A person, by a code that is typed on any device"
client-secret\:"An application, by a secret"
client-certificate\:"An application, by a certificate"
workload-identity\:"An application, by the token of another issuer"
managed-identity\:"The managed identity of a machine or service of Azure"
azure-cli\:"Whoever is signed in to the Azure CLI"))' \
'--probe[Also ask PIM whether it would accept what the plan lends by it; that stores nothing, and takes the right that lending it takes]' \
'--lasting-licence[Let the service account have a licence for good]' \
'--trust-connection[Use what this machine is signed in to (azure-cli, managed-identity, a kept sign-in) though \[connection\] leads elsewhere]' \
'--non-interactive[Ask nobody anything\: neither to sign in nor for an answer]' \
'--plain[Only ASCII, no colour]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
'-V[Print version]' \
'--version[Print version]' \
&& ret=0
;;
(apply)
_arguments "${_arguments_options[@]}" : \
'--approve-by=[A second person who has to sign in and approve this very plan\: user principal name or object id]:USER:_default' \
'--approver-sign-in=[How that person signs in]:METHOD:((device-code\:"On any device, by a code"
browser\:"In the browser of this machine"))' \
'*--done=[A task of a person that is done, and what was seen; may be repeated]:TASK=SEEN:_default' \
'-o+[What is written to standard output]:FORMAT:((table\:"For a person\: the proof of return at the end; progress goes to standard error"
jsonl\:"For a program\: one line of JSON for each thing that happens, with a published schema"))' \
'--output=[What is written to standard output]:FORMAT:((table\:"For a person\: the proof of return at the end; progress goes to standard error"
jsonl\:"For a program\: one line of JSON for each thing that happens, with a published schema"))' \
'--patience=[How long refused returns are tried before cutover leaves with something still out, such as 2h]:TIME:_default' \
'-c+[Configuration file \[default\: cutover.toml\]]:FILE:_files' \
'--config=[Configuration file \[default\: cutover.toml\]]:FILE:_files' \
'--world=[Use the built-in emulator with this world instead of a tenant; \`cutover emulator --list\` names them]:NAME:_default' \
'--state=[Folder for attestations, the journal of runs and, with --world, for the world'\''s state and clock \[default\: a folder of its own\]]:DIR:_files' \
'(--world)--sign-in=[Sign in to the Dynamics tenant this way instead of that of the configuration]:METHOD:((browser\:"A person, in the browser of this machine"
device-code\:"A person, by a code that is typed on any device"
client-secret\:"An application, by a secret"
client-certificate\:"An application, by a certificate"
workload-identity\:"An application, by the token of another issuer"
managed-identity\:"The managed identity of a machine or service of Azure"
azure-cli\:"Whoever is signed in to the Azure CLI"))' \
'-y[Do not ask whether to begin]' \
'--yes[Do not ask whether to begin]' \
'--trust-connection[Use what this machine is signed in to (azure-cli, managed-identity, a kept sign-in) though \[connection\] leads elsewhere]' \
'--non-interactive[Ask nobody anything\: neither to sign in nor for an answer]' \
'--plain[Only ASCII, no colour]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
'-V[Print version]' \
'--version[Print version]' \
':file -- The plan, as `cutover plan -o FILE` wrote it:_files' \
&& ret=0
;;
(upgrade)
_arguments "${_arguments_options[@]}" : \
'--plan-only=[Keep the plan in this file, and begin nothing]:FILE:_files' \
'--drain=[How long open jobs are waited for at most, such as 2h]:TIME:_default' \
'--window-ends=[When the maintenance window ends\: 02\:00, 2026-12-01T02\:00 (by environment.time_zone of the configuration) or 2026-12-01T02\:00\:00+01\:00. Nothing is installed after it]:MOMENT:_default' \
'--left-over=[What becomes of an upgrade that somebody began and did not finish]:HOW:((finish\:"Its holding solution takes the place of the installed one"
clear\:"Its holding solution is deleted"))' \
'--mfa=[By what MFA is demanded; without it nothing demands it]:HOW:((per-user\:"Per-user MFA of the account"
conditional-access\:"A Conditional Access policy for the account, report-only at first"
security-defaults\:"Security defaults, for everybody"))' \
'*--emergency-account=[An account that a Conditional Access policy leaves out\: user principal name or object id; may be repeated]:NAME:_default' \
'--sku=[The licence to assign\: SKU part number or id \[default\: the first free one that does\]]:SKU:_default' \
'--usage-location=[The country of people who have none, such as NL\: no licence can be assigned without it]:COUNTRY:_default' \
'--time-zone=[Microsoft'\''s time zone code for a service account that has none, such as 110]:CODE:_default' \
'--role-group=[A role-assignable group of Global Administrators, by object id\: the role is lent by membership of it]:ID:_default' \
'--loan-limit=[How long anything is out on loan at most]:TIME:_default' \
'--justification=[Why, in the words that Microsoft'\''s audit logs will show]:TEXT:_default' \
'--ticket=[Number of the ticket, where PIM asks for one]:NUMBER:_default' \
'--approve-by=[A second person who has to sign in and approve this very plan\: user principal name or object id]:USER:_default' \
'--approver-sign-in=[How that person signs in]:METHOD:((device-code\:"On any device, by a code"
browser\:"In the browser of this machine"))' \
'*--done=[A task of a person that is done, and what was seen; may be repeated]:TASK=SEEN:_default' \
'-o+[What is written to standard output]:FORMAT:((table\:"For a person\: the proof of return at the end; progress goes to standard error"
jsonl\:"For a program\: one line of JSON for each thing that happens, with a published schema"))' \
'--output=[What is written to standard output]:FORMAT:((table\:"For a person\: the proof of return at the end; progress goes to standard error"
jsonl\:"For a program\: one line of JSON for each thing that happens, with a published schema"))' \
'--patience=[How long refused returns are tried before cutover leaves with something still out, such as 2h]:TIME:_default' \
'-c+[Configuration file \[default\: cutover.toml\]]:FILE:_files' \
'--config=[Configuration file \[default\: cutover.toml\]]:FILE:_files' \
'--world=[Use the built-in emulator with this world instead of a tenant; \`cutover emulator --list\` names them]:NAME:_default' \
'--state=[Folder for attestations, the journal of runs and, with --world, for the world'\''s state and clock \[default\: a folder of its own\]]:DIR:_files' \
'(--world)--sign-in=[Sign in to the Dynamics tenant this way instead of that of the configuration]:METHOD:((browser\:"A person, in the browser of this machine"
device-code\:"A person, by a code that is typed on any device"
client-secret\:"An application, by a secret"
client-certificate\:"An application, by a certificate"
workload-identity\:"An application, by the token of another issuer"
managed-identity\:"The managed identity of a machine or service of Azure"
azure-cli\:"Whoever is signed in to the Azure CLI"))' \
'--without-restore-point[Go without a restore point, where none can be made]' \
'--in-two-steps[Import a solution file beside the installed version, then promote it\: for platforms before 9.2.21013.00131]' \
'--end-activation[End what you have activated in PIM first\: the upgrade activates the role itself, for as short as can be]' \
'--lasting-licence[Let the service account have a licence for good]' \
'-y[Do not ask whether to begin]' \
'--yes[Do not ask whether to begin]' \
'--trust-connection[Use what this machine is signed in to (azure-cli, managed-identity, a kept sign-in) though \[connection\] leads elsewhere]' \
'--non-interactive[Ask nobody anything\: neither to sign in nor for an answer]' \
'--plain[Only ASCII, no colour]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
'-V[Print version]' \
'--version[Print version]' \
&& ret=0
;;
(resume)
_arguments "${_arguments_options[@]}" : \
'-o+[What is written to standard output]:FORMAT:((table\:"For a person\: the proof of return at the end; progress goes to standard error"
jsonl\:"For a program\: one line of JSON for each thing that happens, with a published schema"))' \
'--output=[What is written to standard output]:FORMAT:((table\:"For a person\: the proof of return at the end; progress goes to standard error"
jsonl\:"For a program\: one line of JSON for each thing that happens, with a published schema"))' \
'--patience=[How long refused returns are tried before cutover leaves with something still out, such as 2h]:TIME:_default' \
'*--done=[A task of a person that is done, and what was seen; may be repeated]:TASK=SEEN:_default' \
'-c+[Configuration file \[default\: cutover.toml\]]:FILE:_files' \
'--config=[Configuration file \[default\: cutover.toml\]]:FILE:_files' \
'--world=[Use the built-in emulator with this world instead of a tenant; \`cutover emulator --list\` names them]:NAME:_default' \
'--state=[Folder for attestations, the journal of runs and, with --world, for the world'\''s state and clock \[default\: a folder of its own\]]:DIR:_files' \
'(--world)--sign-in=[Sign in to the Dynamics tenant this way instead of that of the configuration]:METHOD:((browser\:"A person, in the browser of this machine"
device-code\:"A person, by a code that is typed on any device"
client-secret\:"An application, by a secret"
client-certificate\:"An application, by a certificate"
workload-identity\:"An application, by the token of another issuer"
managed-identity\:"The managed identity of a machine or service of Azure"
azure-cli\:"Whoever is signed in to the Azure CLI"))' \
'--take-over[Take it over from a process on another machine, which has ended]' \
'--trust-connection[Use what this machine is signed in to (azure-cli, managed-identity, a kept sign-in) though \[connection\] leads elsewhere]' \
'--non-interactive[Ask nobody anything\: neither to sign in nor for an answer]' \
'--plain[Only ASCII, no colour]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
'-V[Print version]' \
'--version[Print version]' \
'::run -- Which run \[default\: the one that has not ended\]:_default' \
&& ret=0
;;
(leases)
_arguments "${_arguments_options[@]}" : \
'-o+[What is written to standard output]:FORMAT:((table\:"For a person"
json\:"For a program, with a published schema"))' \
'--output=[What is written to standard output]:FORMAT:((table\:"For a person"
json\:"For a program, with a published schema"))' \
'-c+[Configuration file \[default\: cutover.toml\]]:FILE:_files' \
'--config=[Configuration file \[default\: cutover.toml\]]:FILE:_files' \
'--world=[Use the built-in emulator with this world instead of a tenant; \`cutover emulator --list\` names them]:NAME:_default' \
'--state=[Folder for attestations, the journal of runs and, with --world, for the world'\''s state and clock \[default\: a folder of its own\]]:DIR:_files' \
'(--world)--sign-in=[Sign in to the Dynamics tenant this way instead of that of the configuration]:METHOD:((browser\:"A person, in the browser of this machine"
device-code\:"A person, by a code that is typed on any device"
client-secret\:"An application, by a secret"
client-certificate\:"An application, by a certificate"
workload-identity\:"An application, by the token of another issuer"
managed-identity\:"The managed identity of a machine or service of Azure"
azure-cli\:"Whoever is signed in to the Azure CLI"))' \
'--all[Also the runs that have ended]' \
'--trust-connection[Use what this machine is signed in to (azure-cli, managed-identity, a kept sign-in) though \[connection\] leads elsewhere]' \
'--non-interactive[Ask nobody anything\: neither to sign in nor for an answer]' \
'--plain[Only ASCII, no colour]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
'-V[Print version]' \
'--version[Print version]' \
":: :_cutover__subcmd__leases_commands" \
"*::: :->leases" \
&& ret=0

    case $state in
    (leases)
        words=($line[1] "${words[@]}")
        (( CURRENT += 1 ))
        curcontext="${curcontext%:*:*}:cutover-leases-command-$line[1]:"
        case $line[1] in
            (renew)
_arguments "${_arguments_options[@]}" : \
'--until=[Until when at most, such as 2026-12-01T18\:00\:00Z]:TIME:_default' \
'--by=[Who decides so\: a name or address]:NAME:_default' \
'--run=[Of which run \[default\: the one that has not ended\]]:RUN:_default' \
'-c+[Configuration file \[default\: cutover.toml\]]:FILE:_files' \
'--config=[Configuration file \[default\: cutover.toml\]]:FILE:_files' \
'--world=[Use the built-in emulator with this world instead of a tenant; \`cutover emulator --list\` names them]:NAME:_default' \
'--state=[Folder for attestations, the journal of runs and, with --world, for the world'\''s state and clock \[default\: a folder of its own\]]:DIR:_files' \
'(--world)--sign-in=[Sign in to the Dynamics tenant this way instead of that of the configuration]:METHOD:((browser\:"A person, in the browser of this machine"
device-code\:"A person, by a code that is typed on any device"
client-secret\:"An application, by a secret"
client-certificate\:"An application, by a certificate"
workload-identity\:"An application, by the token of another issuer"
managed-identity\:"The managed identity of a machine or service of Azure"
azure-cli\:"Whoever is signed in to the Azure CLI"))' \
'--trust-connection[Use what this machine is signed in to (azure-cli, managed-identity, a kept sign-in) though \[connection\] leads elsewhere]' \
'--non-interactive[Ask nobody anything\: neither to sign in nor for an answer]' \
'--plain[Only ASCII, no colour]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
'-V[Print version]' \
'--version[Print version]' \
':step -- Which loan, as `cutover leases -o json` names its step:_default' \
&& ret=0
;;
(help)
_arguments "${_arguments_options[@]}" : \
":: :_cutover__subcmd__leases__subcmd__help_commands" \
"*::: :->help" \
&& ret=0

    case $state in
    (help)
        words=($line[1] "${words[@]}")
        (( CURRENT += 1 ))
        curcontext="${curcontext%:*:*}:cutover-leases-help-command-$line[1]:"
        case $line[1] in
            (renew)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(help)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
        esac
    ;;
esac
;;
        esac
    ;;
esac
;;
(give-back)
_arguments "${_arguments_options[@]}" : \
'-o+[What is written to standard output]:FORMAT:((table\:"For a person\: the proof of return at the end; progress goes to standard error"
jsonl\:"For a program\: one line of JSON for each thing that happens, with a published schema"))' \
'--output=[What is written to standard output]:FORMAT:((table\:"For a person\: the proof of return at the end; progress goes to standard error"
jsonl\:"For a program\: one line of JSON for each thing that happens, with a published schema"))' \
'--patience=[How long refused returns are tried before cutover leaves with something still out, such as 2h]:TIME:_default' \
'-c+[Configuration file \[default\: cutover.toml\]]:FILE:_files' \
'--config=[Configuration file \[default\: cutover.toml\]]:FILE:_files' \
'--world=[Use the built-in emulator with this world instead of a tenant; \`cutover emulator --list\` names them]:NAME:_default' \
'--state=[Folder for attestations, the journal of runs and, with --world, for the world'\''s state and clock \[default\: a folder of its own\]]:DIR:_files' \
'(--world)--sign-in=[Sign in to the Dynamics tenant this way instead of that of the configuration]:METHOD:((browser\:"A person, in the browser of this machine"
device-code\:"A person, by a code that is typed on any device"
client-secret\:"An application, by a secret"
client-certificate\:"An application, by a certificate"
workload-identity\:"An application, by the token of another issuer"
managed-identity\:"The managed identity of a machine or service of Azure"
azure-cli\:"Whoever is signed in to the Azure CLI"))' \
'--take-over[Take it over from a process on another machine, which has ended]' \
'--trust-connection[Use what this machine is signed in to (azure-cli, managed-identity, a kept sign-in) though \[connection\] leads elsewhere]' \
'--non-interactive[Ask nobody anything\: neither to sign in nor for an answer]' \
'--plain[Only ASCII, no colour]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
'-V[Print version]' \
'--version[Print version]' \
'::run -- Which run \[default\: the one that has not ended\]:_default' \
&& ret=0
;;
(abort)
_arguments "${_arguments_options[@]}" : \
'-o+[What is written to standard output]:FORMAT:((table\:"For a person\: the proof of return at the end; progress goes to standard error"
jsonl\:"For a program\: one line of JSON for each thing that happens, with a published schema"))' \
'--output=[What is written to standard output]:FORMAT:((table\:"For a person\: the proof of return at the end; progress goes to standard error"
jsonl\:"For a program\: one line of JSON for each thing that happens, with a published schema"))' \
'--patience=[How long refused returns are tried before cutover leaves with something still out, such as 2h]:TIME:_default' \
'-c+[Configuration file \[default\: cutover.toml\]]:FILE:_files' \
'--config=[Configuration file \[default\: cutover.toml\]]:FILE:_files' \
'--world=[Use the built-in emulator with this world instead of a tenant; \`cutover emulator --list\` names them]:NAME:_default' \
'--state=[Folder for attestations, the journal of runs and, with --world, for the world'\''s state and clock \[default\: a folder of its own\]]:DIR:_files' \
'(--world)--sign-in=[Sign in to the Dynamics tenant this way instead of that of the configuration]:METHOD:((browser\:"A person, in the browser of this machine"
device-code\:"A person, by a code that is typed on any device"
client-secret\:"An application, by a secret"
client-certificate\:"An application, by a certificate"
workload-identity\:"An application, by the token of another issuer"
managed-identity\:"The managed identity of a machine or service of Azure"
azure-cli\:"Whoever is signed in to the Azure CLI"))' \
'--take-over[Take it over from a process on another machine, which has ended]' \
'--trust-connection[Use what this machine is signed in to (azure-cli, managed-identity, a kept sign-in) though \[connection\] leads elsewhere]' \
'--non-interactive[Ask nobody anything\: neither to sign in nor for an answer]' \
'--plain[Only ASCII, no colour]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
'-V[Print version]' \
'--version[Print version]' \
'::run -- Which run \[default\: the one that has not ended\]:_default' \
&& ret=0
;;
(runs)
_arguments "${_arguments_options[@]}" : \
'-o+[What is written to standard output]:FORMAT:((table\:"For a person"
json\:"For a program, with a published schema"))' \
'--output=[What is written to standard output]:FORMAT:((table\:"For a person"
json\:"For a program, with a published schema"))' \
'-c+[Configuration file \[default\: cutover.toml\]]:FILE:_files' \
'--config=[Configuration file \[default\: cutover.toml\]]:FILE:_files' \
'--world=[Use the built-in emulator with this world instead of a tenant; \`cutover emulator --list\` names them]:NAME:_default' \
'--state=[Folder for attestations, the journal of runs and, with --world, for the world'\''s state and clock \[default\: a folder of its own\]]:DIR:_files' \
'(--world)--sign-in=[Sign in to the Dynamics tenant this way instead of that of the configuration]:METHOD:((browser\:"A person, in the browser of this machine"
device-code\:"A person, by a code that is typed on any device"
client-secret\:"An application, by a secret"
client-certificate\:"An application, by a certificate"
workload-identity\:"An application, by the token of another issuer"
managed-identity\:"The managed identity of a machine or service of Azure"
azure-cli\:"Whoever is signed in to the Azure CLI"))' \
'--trust-connection[Use what this machine is signed in to (azure-cli, managed-identity, a kept sign-in) though \[connection\] leads elsewhere]' \
'--non-interactive[Ask nobody anything\: neither to sign in nor for an answer]' \
'--plain[Only ASCII, no colour]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
'-V[Print version]' \
'--version[Print version]' \
":: :_cutover__subcmd__runs_commands" \
"*::: :->runs" \
&& ret=0

    case $state in
    (runs)
        words=($line[1] "${words[@]}")
        (( CURRENT += 1 ))
        curcontext="${curcontext%:*:*}:cutover-runs-command-$line[1]:"
        case $line[1] in
            (show)
_arguments "${_arguments_options[@]}" : \
'-o+[What is written to standard output]:FORMAT:((table\:"For a person"
json\:"For a program, with a published schema"))' \
'--output=[What is written to standard output]:FORMAT:((table\:"For a person"
json\:"For a program, with a published schema"))' \
'-c+[Configuration file \[default\: cutover.toml\]]:FILE:_files' \
'--config=[Configuration file \[default\: cutover.toml\]]:FILE:_files' \
'--world=[Use the built-in emulator with this world instead of a tenant; \`cutover emulator --list\` names them]:NAME:_default' \
'--state=[Folder for attestations, the journal of runs and, with --world, for the world'\''s state and clock \[default\: a folder of its own\]]:DIR:_files' \
'(--world)--sign-in=[Sign in to the Dynamics tenant this way instead of that of the configuration]:METHOD:((browser\:"A person, in the browser of this machine"
device-code\:"A person, by a code that is typed on any device"
client-secret\:"An application, by a secret"
client-certificate\:"An application, by a certificate"
workload-identity\:"An application, by the token of another issuer"
managed-identity\:"The managed identity of a machine or service of Azure"
azure-cli\:"Whoever is signed in to the Azure CLI"))' \
'--trust-connection[Use what this machine is signed in to (azure-cli, managed-identity, a kept sign-in) though \[connection\] leads elsewhere]' \
'--non-interactive[Ask nobody anything\: neither to sign in nor for an answer]' \
'--plain[Only ASCII, no colour]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
'-V[Print version]' \
'--version[Print version]' \
':run -- Which run:_default' \
&& ret=0
;;
(help)
_arguments "${_arguments_options[@]}" : \
":: :_cutover__subcmd__runs__subcmd__help_commands" \
"*::: :->help" \
&& ret=0

    case $state in
    (help)
        words=($line[1] "${words[@]}")
        (( CURRENT += 1 ))
        curcontext="${curcontext%:*:*}:cutover-runs-help-command-$line[1]:"
        case $line[1] in
            (show)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(help)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
        esac
    ;;
esac
;;
        esac
    ;;
esac
;;
(report)
_arguments "${_arguments_options[@]}" : \
'()--of=[A check of these stored facts instead of a run, as \`cutover facts\` wrote them]:FACTS:_files' \
'-o+[Where to; \`-\` is standard output]:FILE:_files' \
'--output=[Where to; \`-\` is standard output]:FILE:_files' \
'--format=[In which form \[default\: what the name of the file says, else markdown\]]:FORMAT:((html\:"One page that asks nothing of any network"
markdown\:"For a ticket or a wiki"
json\:"For a program, with a published schema"))' \
'(--of -o --output --format)--bundle=[Write an evidence bundle of the run instead, such as run-1.tar.zst]:FILE:_files' \
'--sign-with=[Sign the bundle with this Ed25519 key, a private key as PKCS#8 PEM]:KEYFILE:_files' \
'-c+[Configuration file \[default\: cutover.toml\]]:FILE:_files' \
'--config=[Configuration file \[default\: cutover.toml\]]:FILE:_files' \
'--world=[Use the built-in emulator with this world instead of a tenant; \`cutover emulator --list\` names them]:NAME:_default' \
'--state=[Folder for attestations, the journal of runs and, with --world, for the world'\''s state and clock \[default\: a folder of its own\]]:DIR:_files' \
'(--world)--sign-in=[Sign in to the Dynamics tenant this way instead of that of the configuration]:METHOD:((browser\:"A person, in the browser of this machine"
device-code\:"A person, by a code that is typed on any device"
client-secret\:"An application, by a secret"
client-certificate\:"An application, by a certificate"
workload-identity\:"An application, by the token of another issuer"
managed-identity\:"The managed identity of a machine or service of Azure"
azure-cli\:"Whoever is signed in to the Azure CLI"))' \
'--trust-connection[Use what this machine is signed in to (azure-cli, managed-identity, a kept sign-in) though \[connection\] leads elsewhere]' \
'--non-interactive[Ask nobody anything\: neither to sign in nor for an answer]' \
'--plain[Only ASCII, no colour]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
'-V[Print version]' \
'--version[Print version]' \
'::run -- Which run \[default\: the newest\]:_default' \
&& ret=0
;;
(verify-bundle)
_arguments "${_arguments_options[@]}" : \
'--key=[The public key that it has to be signed with, as PEM]:PUB:_files' \
'-o+[What is written to standard output]:FORMAT:((table\:"For a person"
json\:"For a program, with a published schema"))' \
'--output=[What is written to standard output]:FORMAT:((table\:"For a person"
json\:"For a program, with a published schema"))' \
'-c+[Configuration file \[default\: cutover.toml\]]:FILE:_files' \
'--config=[Configuration file \[default\: cutover.toml\]]:FILE:_files' \
'--world=[Use the built-in emulator with this world instead of a tenant; \`cutover emulator --list\` names them]:NAME:_default' \
'--state=[Folder for attestations, the journal of runs and, with --world, for the world'\''s state and clock \[default\: a folder of its own\]]:DIR:_files' \
'(--world)--sign-in=[Sign in to the Dynamics tenant this way instead of that of the configuration]:METHOD:((browser\:"A person, in the browser of this machine"
device-code\:"A person, by a code that is typed on any device"
client-secret\:"An application, by a secret"
client-certificate\:"An application, by a certificate"
workload-identity\:"An application, by the token of another issuer"
managed-identity\:"The managed identity of a machine or service of Azure"
azure-cli\:"Whoever is signed in to the Azure CLI"))' \
'--trust-connection[Use what this machine is signed in to (azure-cli, managed-identity, a kept sign-in) though \[connection\] leads elsewhere]' \
'--non-interactive[Ask nobody anything\: neither to sign in nor for an answer]' \
'--plain[Only ASCII, no colour]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
'-V[Print version]' \
'--version[Print version]' \
':file -- The bundle, as `cutover report --bundle FILE` wrote it:_files' \
&& ret=0
;;
(judge)
_arguments "${_arguments_options[@]}" : \
'--pack=[Another requirement pack than the built-in one]:FILE:_files' \
'--at=[The time to judge for, such as 2027-01-31T12\:00\:00Z \[default\: when the facts were collected\]]:TIME:_default' \
'*--only=[Only these requirements, such as W301]:CODE:_default' \
'*--skip=[All requirements but these]:CODE:_default' \
'-o+[What is written to standard output]:FORMAT:((table\:"For a person"
short\:"One line a requirement that is not simply met"
json\:"For a program, with a published schema"))' \
'--output=[What is written to standard output]:FORMAT:((table\:"For a person"
short\:"One line a requirement that is not simply met"
json\:"For a program, with a published schema"))' \
'-c+[Configuration file \[default\: cutover.toml\]]:FILE:_files' \
'--config=[Configuration file \[default\: cutover.toml\]]:FILE:_files' \
'--world=[Use the built-in emulator with this world instead of a tenant; \`cutover emulator --list\` names them]:NAME:_default' \
'--state=[Folder for attestations, the journal of runs and, with --world, for the world'\''s state and clock \[default\: a folder of its own\]]:DIR:_files' \
'(--world)--sign-in=[Sign in to the Dynamics tenant this way instead of that of the configuration]:METHOD:((browser\:"A person, in the browser of this machine"
device-code\:"A person, by a code that is typed on any device"
client-secret\:"An application, by a secret"
client-certificate\:"An application, by a certificate"
workload-identity\:"An application, by the token of another issuer"
managed-identity\:"The managed identity of a machine or service of Azure"
azure-cli\:"Whoever is signed in to the Azure CLI"))' \
'--strict-warnings[Exit with 6 when ready with warnings]' \
'--trust-connection[Use what this machine is signed in to (azure-cli, managed-identity, a kept sign-in) though \[connection\] leads elsewhere]' \
'--non-interactive[Ask nobody anything\: neither to sign in nor for an answer]' \
'--plain[Only ASCII, no colour]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
'-V[Print version]' \
'--version[Print version]' \
':file -- What `cutover facts` wrote:_files' \
&& ret=0
;;
(diff)
_arguments "${_arguments_options[@]}" : \
'--pack=[Judge both by this requirement pack instead of the built-in one]:FILE:_files' \
'-o+[What is written to standard output]:FORMAT:((table\:"For a person"
short\:"One line a requirement that is not simply met"
json\:"For a program, with a published schema"))' \
'--output=[What is written to standard output]:FORMAT:((table\:"For a person"
short\:"One line a requirement that is not simply met"
json\:"For a program, with a published schema"))' \
'-c+[Configuration file \[default\: cutover.toml\]]:FILE:_files' \
'--config=[Configuration file \[default\: cutover.toml\]]:FILE:_files' \
'--world=[Use the built-in emulator with this world instead of a tenant; \`cutover emulator --list\` names them]:NAME:_default' \
'--state=[Folder for attestations, the journal of runs and, with --world, for the world'\''s state and clock \[default\: a folder of its own\]]:DIR:_files' \
'(--world)--sign-in=[Sign in to the Dynamics tenant this way instead of that of the configuration]:METHOD:((browser\:"A person, in the browser of this machine"
device-code\:"A person, by a code that is typed on any device"
client-secret\:"An application, by a secret"
client-certificate\:"An application, by a certificate"
workload-identity\:"An application, by the token of another issuer"
managed-identity\:"The managed identity of a machine or service of Azure"
azure-cli\:"Whoever is signed in to the Azure CLI"))' \
'--other-tenant[Compare even two different tenants]' \
'--exit-code[When a verdict changed, exit with the code that a check of AFTER would have]' \
'--trust-connection[Use what this machine is signed in to (azure-cli, managed-identity, a kept sign-in) though \[connection\] leads elsewhere]' \
'--non-interactive[Ask nobody anything\: neither to sign in nor for an answer]' \
'--plain[Only ASCII, no colour]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
'-V[Print version]' \
'--version[Print version]' \
':before -- The earlier look:_files' \
':after -- The later look:_files' \
&& ret=0
;;
(doctor)
_arguments "${_arguments_options[@]}" : \
'-o+[What is written to standard output]:FORMAT:((table\:"For a person"
short\:"One line a requirement that is not simply met"
json\:"For a program, with a published schema"))' \
'--output=[What is written to standard output]:FORMAT:((table\:"For a person"
short\:"One line a requirement that is not simply met"
json\:"For a program, with a published schema"))' \
'-c+[Configuration file \[default\: cutover.toml\]]:FILE:_files' \
'--config=[Configuration file \[default\: cutover.toml\]]:FILE:_files' \
'--world=[Use the built-in emulator with this world instead of a tenant; \`cutover emulator --list\` names them]:NAME:_default' \
'--state=[Folder for attestations, the journal of runs and, with --world, for the world'\''s state and clock \[default\: a folder of its own\]]:DIR:_files' \
'(--world)--sign-in=[Sign in to the Dynamics tenant this way instead of that of the configuration]:METHOD:((browser\:"A person, in the browser of this machine"
device-code\:"A person, by a code that is typed on any device"
client-secret\:"An application, by a secret"
client-certificate\:"An application, by a certificate"
workload-identity\:"An application, by the token of another issuer"
managed-identity\:"The managed identity of a machine or service of Azure"
azure-cli\:"Whoever is signed in to the Azure CLI"))' \
'--offline[Ask no service]' \
'--trust-connection[Use what this machine is signed in to (azure-cli, managed-identity, a kept sign-in) though \[connection\] leads elsewhere]' \
'--non-interactive[Ask nobody anything\: neither to sign in nor for an answer]' \
'--plain[Only ASCII, no colour]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
'-V[Print version]' \
'--version[Print version]' \
&& ret=0
;;
(permissions)
_arguments "${_arguments_options[@]}" : \
'--for=[What is to be run]:COMMAND:((check\:"Reading\: check, facts, explain-mfa of a requirement"
plan\:"Planning, which looks at the same and writes nothing either"
apply\:"Carrying a plan out\: what its steps may write as well"
upgrade\:"The upgrade\: what carrying a plan out needs, and what the installation takes beside it"))' \
'--as=[Who signs in \[default\: by the configured way to sign in, else an application\]]:WHO:((application\:"An application by itself"
person\:"A person"))' \
'*--only=[Only these requirements, such as W301]:CODE:_default' \
'*--skip=[All requirements but these]:CODE:_default' \
'-o+[What is written to standard output]:FORMAT:((table\:"For a person"
json\:"For a program, with a published schema"
manifest\:"The part of an app manifest that asks for the permissions, for each application"))' \
'--output=[What is written to standard output]:FORMAT:((table\:"For a person"
json\:"For a program, with a published schema"
manifest\:"The part of an app manifest that asks for the permissions, for each application"))' \
'-c+[Configuration file \[default\: cutover.toml\]]:FILE:_files' \
'--config=[Configuration file \[default\: cutover.toml\]]:FILE:_files' \
'--world=[Use the built-in emulator with this world instead of a tenant; \`cutover emulator --list\` names them]:NAME:_default' \
'--state=[Folder for attestations, the journal of runs and, with --world, for the world'\''s state and clock \[default\: a folder of its own\]]:DIR:_files' \
'(--world)--sign-in=[Sign in to the Dynamics tenant this way instead of that of the configuration]:METHOD:((browser\:"A person, in the browser of this machine"
device-code\:"A person, by a code that is typed on any device"
client-secret\:"An application, by a secret"
client-certificate\:"An application, by a certificate"
workload-identity\:"An application, by the token of another issuer"
managed-identity\:"The managed identity of a machine or service of Azure"
azure-cli\:"Whoever is signed in to the Azure CLI"))' \
'--trust-connection[Use what this machine is signed in to (azure-cli, managed-identity, a kept sign-in) though \[connection\] leads elsewhere]' \
'--non-interactive[Ask nobody anything\: neither to sign in nor for an answer]' \
'--plain[Only ASCII, no colour]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
'-V[Print version]' \
'--version[Print version]' \
&& ret=0
;;
(init)
_arguments "${_arguments_options[@]}" : \
'--tenant=[Id or verified domain of the Dynamics tenant]:TENANT:_default' \
'--client-id=[Id of the application that signs in]:ID:_default' \
'--environment=[Address of the environment; looked for when it is left out]:ADDRESS:_default' \
'--tier=[1 for direct-bill partners, 2 for partners behind an indirect provider]:NUMBER:_default' \
'--region=[Data centre of Work 365\: us or eu]:NAME:_default' \
'--borrower=[The person who acts as Global Administrator]:NAME:_default' \
'(--application-user)--service-account=[The account that Work 365 runs as]:NAME:_default' \
'--integration-account=[The account that Work 365 works as in Partner Center]:NAME:_default' \
'--connection=[Take the table \[connection\] from this file, such as what \`cutover emulator\` prints]:FILE:_files' \
'-c+[Configuration file \[default\: cutover.toml\]]:FILE:_files' \
'--config=[Configuration file \[default\: cutover.toml\]]:FILE:_files' \
'--world=[Use the built-in emulator with this world instead of a tenant; \`cutover emulator --list\` names them]:NAME:_default' \
'--state=[Folder for attestations, the journal of runs and, with --world, for the world'\''s state and clock \[default\: a folder of its own\]]:DIR:_files' \
'(--world)--sign-in=[Sign in to the Dynamics tenant this way instead of that of the configuration]:METHOD:((browser\:"A person, in the browser of this machine"
device-code\:"A person, by a code that is typed on any device"
client-secret\:"An application, by a secret"
client-certificate\:"An application, by a certificate"
workload-identity\:"An application, by the token of another issuer"
managed-identity\:"The managed identity of a machine or service of Azure"
azure-cli\:"Whoever is signed in to the Azure CLI"))' \
'--application-user[Work 365 runs as its application user]' \
'--force[Write over a file that is there]' \
'--offline[Sign in nowhere and look for nothing]' \
'--trust-connection[Use what this machine is signed in to (azure-cli, managed-identity, a kept sign-in) though \[connection\] leads elsewhere]' \
'--non-interactive[Ask nobody anything\: neither to sign in nor for an answer]' \
'--plain[Only ASCII, no colour]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
'-V[Print version]' \
'--version[Print version]' \
&& ret=0
;;
(login)
_arguments "${_arguments_options[@]}" : \
'-c+[Configuration file \[default\: cutover.toml\]]:FILE:_files' \
'--config=[Configuration file \[default\: cutover.toml\]]:FILE:_files' \
'--world=[Use the built-in emulator with this world instead of a tenant; \`cutover emulator --list\` names them]:NAME:_default' \
'--state=[Folder for attestations, the journal of runs and, with --world, for the world'\''s state and clock \[default\: a folder of its own\]]:DIR:_files' \
'(--world)--sign-in=[Sign in to the Dynamics tenant this way instead of that of the configuration]:METHOD:((browser\:"A person, in the browser of this machine"
device-code\:"A person, by a code that is typed on any device"
client-secret\:"An application, by a secret"
client-certificate\:"An application, by a certificate"
workload-identity\:"An application, by the token of another issuer"
managed-identity\:"The managed identity of a machine or service of Azure"
azure-cli\:"Whoever is signed in to the Azure CLI"))' \
'--trust-connection[Use what this machine is signed in to (azure-cli, managed-identity, a kept sign-in) though \[connection\] leads elsewhere]' \
'--non-interactive[Ask nobody anything\: neither to sign in nor for an answer]' \
'--plain[Only ASCII, no colour]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
'-V[Print version]' \
'--version[Print version]' \
&& ret=0
;;
(logout)
_arguments "${_arguments_options[@]}" : \
'-c+[Configuration file \[default\: cutover.toml\]]:FILE:_files' \
'--config=[Configuration file \[default\: cutover.toml\]]:FILE:_files' \
'--world=[Use the built-in emulator with this world instead of a tenant; \`cutover emulator --list\` names them]:NAME:_default' \
'--state=[Folder for attestations, the journal of runs and, with --world, for the world'\''s state and clock \[default\: a folder of its own\]]:DIR:_files' \
'(--world)--sign-in=[Sign in to the Dynamics tenant this way instead of that of the configuration]:METHOD:((browser\:"A person, in the browser of this machine"
device-code\:"A person, by a code that is typed on any device"
client-secret\:"An application, by a secret"
client-certificate\:"An application, by a certificate"
workload-identity\:"An application, by the token of another issuer"
managed-identity\:"The managed identity of a machine or service of Azure"
azure-cli\:"Whoever is signed in to the Azure CLI"))' \
'--trust-connection[Use what this machine is signed in to (azure-cli, managed-identity, a kept sign-in) though \[connection\] leads elsewhere]' \
'--non-interactive[Ask nobody anything\: neither to sign in nor for an answer]' \
'--plain[Only ASCII, no colour]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
'-V[Print version]' \
'--version[Print version]' \
&& ret=0
;;
(whoami)
_arguments "${_arguments_options[@]}" : \
'-c+[Configuration file \[default\: cutover.toml\]]:FILE:_files' \
'--config=[Configuration file \[default\: cutover.toml\]]:FILE:_files' \
'--world=[Use the built-in emulator with this world instead of a tenant; \`cutover emulator --list\` names them]:NAME:_default' \
'--state=[Folder for attestations, the journal of runs and, with --world, for the world'\''s state and clock \[default\: a folder of its own\]]:DIR:_files' \
'(--world)--sign-in=[Sign in to the Dynamics tenant this way instead of that of the configuration]:METHOD:((browser\:"A person, in the browser of this machine"
device-code\:"A person, by a code that is typed on any device"
client-secret\:"An application, by a secret"
client-certificate\:"An application, by a certificate"
workload-identity\:"An application, by the token of another issuer"
managed-identity\:"The managed identity of a machine or service of Azure"
azure-cli\:"Whoever is signed in to the Azure CLI"))' \
'--trust-connection[Use what this machine is signed in to (azure-cli, managed-identity, a kept sign-in) though \[connection\] leads elsewhere]' \
'--non-interactive[Ask nobody anything\: neither to sign in nor for an answer]' \
'--plain[Only ASCII, no colour]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
'-V[Print version]' \
'--version[Print version]' \
&& ret=0
;;
(demo)
_arguments "${_arguments_options[@]}" : \
'-c+[Configuration file \[default\: cutover.toml\]]:FILE:_files' \
'--config=[Configuration file \[default\: cutover.toml\]]:FILE:_files' \
'--world=[Use the built-in emulator with this world instead of a tenant; \`cutover emulator --list\` names them]:NAME:_default' \
'--state=[Folder for attestations, the journal of runs and, with --world, for the world'\''s state and clock \[default\: a folder of its own\]]:DIR:_files' \
'(--world)--sign-in=[Sign in to the Dynamics tenant this way instead of that of the configuration]:METHOD:((browser\:"A person, in the browser of this machine"
device-code\:"A person, by a code that is typed on any device"
client-secret\:"An application, by a secret"
client-certificate\:"An application, by a certificate"
workload-identity\:"An application, by the token of another issuer"
managed-identity\:"The managed identity of a machine or service of Azure"
azure-cli\:"Whoever is signed in to the Azure CLI"))' \
'--trust-connection[Use what this machine is signed in to (azure-cli, managed-identity, a kept sign-in) though \[connection\] leads elsewhere]' \
'--non-interactive[Ask nobody anything\: neither to sign in nor for an answer]' \
'--plain[Only ASCII, no colour]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
'-V[Print version]' \
'--version[Print version]' \
&& ret=0
;;
(emulator)
_arguments "${_arguments_options[@]}" : \
'--port=[Port on 127.0.0.1; 0 takes a free one]:PORT:_default' \
'--ca-file=[Where to write the authority'\''s certificate, for clients to trust; else \`ca.pem\` in the state folder]:FILE:_files' \
'(--world)--world-file=[A world of your own instead of a built-in one]:FILE:_files' \
'(--world --world-file)--from-facts=[A world that looks like the tenant which \`cutover facts\` looked at]:FILE:_files' \
'--save-world=[Write the world made from facts to a file, for \`--world-file\`, and end]:FILE:_files' \
'-c+[Configuration file \[default\: cutover.toml\]]:FILE:_files' \
'--config=[Configuration file \[default\: cutover.toml\]]:FILE:_files' \
'--world=[Use the built-in emulator with this world instead of a tenant; \`cutover emulator --list\` names them]:NAME:_default' \
'--state=[Folder for attestations, the journal of runs and, with --world, for the world'\''s state and clock \[default\: a folder of its own\]]:DIR:_files' \
'(--world)--sign-in=[Sign in to the Dynamics tenant this way instead of that of the configuration]:METHOD:((browser\:"A person, in the browser of this machine"
device-code\:"A person, by a code that is typed on any device"
client-secret\:"An application, by a secret"
client-certificate\:"An application, by a certificate"
workload-identity\:"An application, by the token of another issuer"
managed-identity\:"The managed identity of a machine or service of Azure"
azure-cli\:"Whoever is signed in to the Azure CLI"))' \
'--list[List the built-in worlds and end]' \
'--standing-clock[Let the clock stand at the world'\''s time instead of running from now]' \
'--https[Speak TLS, with a certificate authority of the emulator'\''s own]' \
'--keep-ca[Keep the authority in the state folder, so that clients need to be told only once]' \
'--trust-connection[Use what this machine is signed in to (azure-cli, managed-identity, a kept sign-in) though \[connection\] leads elsewhere]' \
'--non-interactive[Ask nobody anything\: neither to sign in nor for an answer]' \
'--plain[Only ASCII, no colour]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
'-V[Print version]' \
'--version[Print version]' \
&& ret=0
;;
(help)
_arguments "${_arguments_options[@]}" : \
":: :_cutover__subcmd__help_commands" \
"*::: :->help" \
&& ret=0

    case $state in
    (help)
        words=($line[1] "${words[@]}")
        (( CURRENT += 1 ))
        curcontext="${curcontext%:*:*}:cutover-help-command-$line[1]:"
        case $line[1] in
            (check)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(explain)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(explain-mfa)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(attest)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(facts)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(plan)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(apply)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(upgrade)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(resume)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(leases)
_arguments "${_arguments_options[@]}" : \
":: :_cutover__subcmd__help__subcmd__leases_commands" \
"*::: :->leases" \
&& ret=0

    case $state in
    (leases)
        words=($line[1] "${words[@]}")
        (( CURRENT += 1 ))
        curcontext="${curcontext%:*:*}:cutover-help-leases-command-$line[1]:"
        case $line[1] in
            (renew)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
        esac
    ;;
esac
;;
(give-back)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(abort)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(runs)
_arguments "${_arguments_options[@]}" : \
":: :_cutover__subcmd__help__subcmd__runs_commands" \
"*::: :->runs" \
&& ret=0

    case $state in
    (runs)
        words=($line[1] "${words[@]}")
        (( CURRENT += 1 ))
        curcontext="${curcontext%:*:*}:cutover-help-runs-command-$line[1]:"
        case $line[1] in
            (show)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
        esac
    ;;
esac
;;
(report)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(verify-bundle)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(judge)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(diff)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(doctor)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(permissions)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(init)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(login)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(logout)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(whoami)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(demo)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(emulator)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(help)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
        esac
    ;;
esac
;;
        esac
    ;;
esac
}

(( $+functions[_cutover_commands] )) ||
_cutover_commands() {
    local commands; commands=(
'check:Read-only\: could the upgrade start now? Every requirement, verdict, evidence and fix' \
'explain:The manual page of a requirement\: why, evidence, fix by hand, permissions, source' \
'explain-mfa:Why MFA is demanded of an account, or not\: every policy, what it demands, and which sign-ins slip through' \
'attest:Record what a person saw, where no API can show it' \
'facts:Store what was seen in the tenant, to judge it again later with \`cutover judge\`' \
'plan:What would be changed, lent and returned, and what is left to people; nothing is written to the tenant' \
'apply:Carry out exactly what a plan says; what it lends comes back, whatever happens' \
'upgrade:Upgrade\: everything from the freeze to the proof, after one confirmation that shows the whole way' \
'resume:Go on with a run that was interrupted\: settle what is in doubt, do what is left, bring back what is lent' \
'leases:What is out on loan now, in every run on this machine; asks nobody' \
'give-back:End a run\: no new work, everything that is lent comes back' \
'abort:Stop a run\: no new work, what is lent comes back, and what stays in the tenant is said' \
'runs:What was carried out on this machine\: when, what came of it, what is out; asks nobody' \
'report:What an auditor reads of a run or a check\: HTML, Markdown, JSON, or a bundle of all evidence; asks nobody' \
'verify-bundle:Is an evidence bundle what was written? Every change is named; asks nobody, and unpacks nothing' \
'judge:Judge stored facts again, without any network' \
'diff:Tell what changed between two looks\: verdicts first, then facts' \
'doctor:Tell what keeps cutover itself from working here\: configuration, folders, credentials, network, sign-in' \
'permissions:The least permissions for what you will run, why each is needed, an app manifest and a consent link; offline' \
'init:Write a configuration by flags or by asking; finds the environments and what is installed' \
'login:Sign in to the Dynamics tenant and, when there is one, the partner tenant, and show who it is' \
'logout:Forget the sign-ins that \`cutover login\` kept for this configuration' \
'whoami:Who is signed in to each tenant, how, and what that allows' \
'demo:The whole arc on the built-in emulator, from check to a verified bundle of evidence\: nothing to configure, no tenant involved' \
'emulator:An offline double of Entra, Graph, Dataverse, Power Platform and Partner Center, on this machine' \
'help:Print this message or the help of the given subcommand(s)' \
    )
    _describe -t commands 'cutover commands' commands "$@"
}
(( $+functions[_cutover__subcmd__abort_commands] )) ||
_cutover__subcmd__abort_commands() {
    local commands; commands=()
    _describe -t commands 'cutover abort commands' commands "$@"
}
(( $+functions[_cutover__subcmd__apply_commands] )) ||
_cutover__subcmd__apply_commands() {
    local commands; commands=()
    _describe -t commands 'cutover apply commands' commands "$@"
}
(( $+functions[_cutover__subcmd__attest_commands] )) ||
_cutover__subcmd__attest_commands() {
    local commands; commands=()
    _describe -t commands 'cutover attest commands' commands "$@"
}
(( $+functions[_cutover__subcmd__check_commands] )) ||
_cutover__subcmd__check_commands() {
    local commands; commands=()
    _describe -t commands 'cutover check commands' commands "$@"
}
(( $+functions[_cutover__subcmd__demo_commands] )) ||
_cutover__subcmd__demo_commands() {
    local commands; commands=()
    _describe -t commands 'cutover demo commands' commands "$@"
}
(( $+functions[_cutover__subcmd__diff_commands] )) ||
_cutover__subcmd__diff_commands() {
    local commands; commands=()
    _describe -t commands 'cutover diff commands' commands "$@"
}
(( $+functions[_cutover__subcmd__doctor_commands] )) ||
_cutover__subcmd__doctor_commands() {
    local commands; commands=()
    _describe -t commands 'cutover doctor commands' commands "$@"
}
(( $+functions[_cutover__subcmd__emulator_commands] )) ||
_cutover__subcmd__emulator_commands() {
    local commands; commands=()
    _describe -t commands 'cutover emulator commands' commands "$@"
}
(( $+functions[_cutover__subcmd__explain_commands] )) ||
_cutover__subcmd__explain_commands() {
    local commands; commands=()
    _describe -t commands 'cutover explain commands' commands "$@"
}
(( $+functions[_cutover__subcmd__explain-mfa_commands] )) ||
_cutover__subcmd__explain-mfa_commands() {
    local commands; commands=()
    _describe -t commands 'cutover explain-mfa commands' commands "$@"
}
(( $+functions[_cutover__subcmd__facts_commands] )) ||
_cutover__subcmd__facts_commands() {
    local commands; commands=()
    _describe -t commands 'cutover facts commands' commands "$@"
}
(( $+functions[_cutover__subcmd__give-back_commands] )) ||
_cutover__subcmd__give-back_commands() {
    local commands; commands=()
    _describe -t commands 'cutover give-back commands' commands "$@"
}
(( $+functions[_cutover__subcmd__help_commands] )) ||
_cutover__subcmd__help_commands() {
    local commands; commands=(
'check:Read-only\: could the upgrade start now? Every requirement, verdict, evidence and fix' \
'explain:The manual page of a requirement\: why, evidence, fix by hand, permissions, source' \
'explain-mfa:Why MFA is demanded of an account, or not\: every policy, what it demands, and which sign-ins slip through' \
'attest:Record what a person saw, where no API can show it' \
'facts:Store what was seen in the tenant, to judge it again later with \`cutover judge\`' \
'plan:What would be changed, lent and returned, and what is left to people; nothing is written to the tenant' \
'apply:Carry out exactly what a plan says; what it lends comes back, whatever happens' \
'upgrade:Upgrade\: everything from the freeze to the proof, after one confirmation that shows the whole way' \
'resume:Go on with a run that was interrupted\: settle what is in doubt, do what is left, bring back what is lent' \
'leases:What is out on loan now, in every run on this machine; asks nobody' \
'give-back:End a run\: no new work, everything that is lent comes back' \
'abort:Stop a run\: no new work, what is lent comes back, and what stays in the tenant is said' \
'runs:What was carried out on this machine\: when, what came of it, what is out; asks nobody' \
'report:What an auditor reads of a run or a check\: HTML, Markdown, JSON, or a bundle of all evidence; asks nobody' \
'verify-bundle:Is an evidence bundle what was written? Every change is named; asks nobody, and unpacks nothing' \
'judge:Judge stored facts again, without any network' \
'diff:Tell what changed between two looks\: verdicts first, then facts' \
'doctor:Tell what keeps cutover itself from working here\: configuration, folders, credentials, network, sign-in' \
'permissions:The least permissions for what you will run, why each is needed, an app manifest and a consent link; offline' \
'init:Write a configuration by flags or by asking; finds the environments and what is installed' \
'login:Sign in to the Dynamics tenant and, when there is one, the partner tenant, and show who it is' \
'logout:Forget the sign-ins that \`cutover login\` kept for this configuration' \
'whoami:Who is signed in to each tenant, how, and what that allows' \
'demo:The whole arc on the built-in emulator, from check to a verified bundle of evidence\: nothing to configure, no tenant involved' \
'emulator:An offline double of Entra, Graph, Dataverse, Power Platform and Partner Center, on this machine' \
'help:Print this message or the help of the given subcommand(s)' \
    )
    _describe -t commands 'cutover help commands' commands "$@"
}
(( $+functions[_cutover__subcmd__help__subcmd__abort_commands] )) ||
_cutover__subcmd__help__subcmd__abort_commands() {
    local commands; commands=()
    _describe -t commands 'cutover help abort commands' commands "$@"
}
(( $+functions[_cutover__subcmd__help__subcmd__apply_commands] )) ||
_cutover__subcmd__help__subcmd__apply_commands() {
    local commands; commands=()
    _describe -t commands 'cutover help apply commands' commands "$@"
}
(( $+functions[_cutover__subcmd__help__subcmd__attest_commands] )) ||
_cutover__subcmd__help__subcmd__attest_commands() {
    local commands; commands=()
    _describe -t commands 'cutover help attest commands' commands "$@"
}
(( $+functions[_cutover__subcmd__help__subcmd__check_commands] )) ||
_cutover__subcmd__help__subcmd__check_commands() {
    local commands; commands=()
    _describe -t commands 'cutover help check commands' commands "$@"
}
(( $+functions[_cutover__subcmd__help__subcmd__demo_commands] )) ||
_cutover__subcmd__help__subcmd__demo_commands() {
    local commands; commands=()
    _describe -t commands 'cutover help demo commands' commands "$@"
}
(( $+functions[_cutover__subcmd__help__subcmd__diff_commands] )) ||
_cutover__subcmd__help__subcmd__diff_commands() {
    local commands; commands=()
    _describe -t commands 'cutover help diff commands' commands "$@"
}
(( $+functions[_cutover__subcmd__help__subcmd__doctor_commands] )) ||
_cutover__subcmd__help__subcmd__doctor_commands() {
    local commands; commands=()
    _describe -t commands 'cutover help doctor commands' commands "$@"
}
(( $+functions[_cutover__subcmd__help__subcmd__emulator_commands] )) ||
_cutover__subcmd__help__subcmd__emulator_commands() {
    local commands; commands=()
    _describe -t commands 'cutover help emulator commands' commands "$@"
}
(( $+functions[_cutover__subcmd__help__subcmd__explain_commands] )) ||
_cutover__subcmd__help__subcmd__explain_commands() {
    local commands; commands=()
    _describe -t commands 'cutover help explain commands' commands "$@"
}
(( $+functions[_cutover__subcmd__help__subcmd__explain-mfa_commands] )) ||
_cutover__subcmd__help__subcmd__explain-mfa_commands() {
    local commands; commands=()
    _describe -t commands 'cutover help explain-mfa commands' commands "$@"
}
(( $+functions[_cutover__subcmd__help__subcmd__facts_commands] )) ||
_cutover__subcmd__help__subcmd__facts_commands() {
    local commands; commands=()
    _describe -t commands 'cutover help facts commands' commands "$@"
}
(( $+functions[_cutover__subcmd__help__subcmd__give-back_commands] )) ||
_cutover__subcmd__help__subcmd__give-back_commands() {
    local commands; commands=()
    _describe -t commands 'cutover help give-back commands' commands "$@"
}
(( $+functions[_cutover__subcmd__help__subcmd__help_commands] )) ||
_cutover__subcmd__help__subcmd__help_commands() {
    local commands; commands=()
    _describe -t commands 'cutover help help commands' commands "$@"
}
(( $+functions[_cutover__subcmd__help__subcmd__init_commands] )) ||
_cutover__subcmd__help__subcmd__init_commands() {
    local commands; commands=()
    _describe -t commands 'cutover help init commands' commands "$@"
}
(( $+functions[_cutover__subcmd__help__subcmd__judge_commands] )) ||
_cutover__subcmd__help__subcmd__judge_commands() {
    local commands; commands=()
    _describe -t commands 'cutover help judge commands' commands "$@"
}
(( $+functions[_cutover__subcmd__help__subcmd__leases_commands] )) ||
_cutover__subcmd__help__subcmd__leases_commands() {
    local commands; commands=(
'renew:Let a loan stay out longer; the decision and who took it are kept' \
    )
    _describe -t commands 'cutover help leases commands' commands "$@"
}
(( $+functions[_cutover__subcmd__help__subcmd__leases__subcmd__renew_commands] )) ||
_cutover__subcmd__help__subcmd__leases__subcmd__renew_commands() {
    local commands; commands=()
    _describe -t commands 'cutover help leases renew commands' commands "$@"
}
(( $+functions[_cutover__subcmd__help__subcmd__login_commands] )) ||
_cutover__subcmd__help__subcmd__login_commands() {
    local commands; commands=()
    _describe -t commands 'cutover help login commands' commands "$@"
}
(( $+functions[_cutover__subcmd__help__subcmd__logout_commands] )) ||
_cutover__subcmd__help__subcmd__logout_commands() {
    local commands; commands=()
    _describe -t commands 'cutover help logout commands' commands "$@"
}
(( $+functions[_cutover__subcmd__help__subcmd__permissions_commands] )) ||
_cutover__subcmd__help__subcmd__permissions_commands() {
    local commands; commands=()
    _describe -t commands 'cutover help permissions commands' commands "$@"
}
(( $+functions[_cutover__subcmd__help__subcmd__plan_commands] )) ||
_cutover__subcmd__help__subcmd__plan_commands() {
    local commands; commands=()
    _describe -t commands 'cutover help plan commands' commands "$@"
}
(( $+functions[_cutover__subcmd__help__subcmd__report_commands] )) ||
_cutover__subcmd__help__subcmd__report_commands() {
    local commands; commands=()
    _describe -t commands 'cutover help report commands' commands "$@"
}
(( $+functions[_cutover__subcmd__help__subcmd__resume_commands] )) ||
_cutover__subcmd__help__subcmd__resume_commands() {
    local commands; commands=()
    _describe -t commands 'cutover help resume commands' commands "$@"
}
(( $+functions[_cutover__subcmd__help__subcmd__runs_commands] )) ||
_cutover__subcmd__help__subcmd__runs_commands() {
    local commands; commands=(
'show:What happened in a run\: its steps and loans, how long each took, and the keys that its requests were sent with' \
    )
    _describe -t commands 'cutover help runs commands' commands "$@"
}
(( $+functions[_cutover__subcmd__help__subcmd__runs__subcmd__show_commands] )) ||
_cutover__subcmd__help__subcmd__runs__subcmd__show_commands() {
    local commands; commands=()
    _describe -t commands 'cutover help runs show commands' commands "$@"
}
(( $+functions[_cutover__subcmd__help__subcmd__upgrade_commands] )) ||
_cutover__subcmd__help__subcmd__upgrade_commands() {
    local commands; commands=()
    _describe -t commands 'cutover help upgrade commands' commands "$@"
}
(( $+functions[_cutover__subcmd__help__subcmd__verify-bundle_commands] )) ||
_cutover__subcmd__help__subcmd__verify-bundle_commands() {
    local commands; commands=()
    _describe -t commands 'cutover help verify-bundle commands' commands "$@"
}
(( $+functions[_cutover__subcmd__help__subcmd__whoami_commands] )) ||
_cutover__subcmd__help__subcmd__whoami_commands() {
    local commands; commands=()
    _describe -t commands 'cutover help whoami commands' commands "$@"
}
(( $+functions[_cutover__subcmd__init_commands] )) ||
_cutover__subcmd__init_commands() {
    local commands; commands=()
    _describe -t commands 'cutover init commands' commands "$@"
}
(( $+functions[_cutover__subcmd__judge_commands] )) ||
_cutover__subcmd__judge_commands() {
    local commands; commands=()
    _describe -t commands 'cutover judge commands' commands "$@"
}
(( $+functions[_cutover__subcmd__leases_commands] )) ||
_cutover__subcmd__leases_commands() {
    local commands; commands=(
'renew:Let a loan stay out longer; the decision and who took it are kept' \
'help:Print this message or the help of the given subcommand(s)' \
    )
    _describe -t commands 'cutover leases commands' commands "$@"
}
(( $+functions[_cutover__subcmd__leases__subcmd__help_commands] )) ||
_cutover__subcmd__leases__subcmd__help_commands() {
    local commands; commands=(
'renew:Let a loan stay out longer; the decision and who took it are kept' \
'help:Print this message or the help of the given subcommand(s)' \
    )
    _describe -t commands 'cutover leases help commands' commands "$@"
}
(( $+functions[_cutover__subcmd__leases__subcmd__help__subcmd__help_commands] )) ||
_cutover__subcmd__leases__subcmd__help__subcmd__help_commands() {
    local commands; commands=()
    _describe -t commands 'cutover leases help help commands' commands "$@"
}
(( $+functions[_cutover__subcmd__leases__subcmd__help__subcmd__renew_commands] )) ||
_cutover__subcmd__leases__subcmd__help__subcmd__renew_commands() {
    local commands; commands=()
    _describe -t commands 'cutover leases help renew commands' commands "$@"
}
(( $+functions[_cutover__subcmd__leases__subcmd__renew_commands] )) ||
_cutover__subcmd__leases__subcmd__renew_commands() {
    local commands; commands=()
    _describe -t commands 'cutover leases renew commands' commands "$@"
}
(( $+functions[_cutover__subcmd__login_commands] )) ||
_cutover__subcmd__login_commands() {
    local commands; commands=()
    _describe -t commands 'cutover login commands' commands "$@"
}
(( $+functions[_cutover__subcmd__logout_commands] )) ||
_cutover__subcmd__logout_commands() {
    local commands; commands=()
    _describe -t commands 'cutover logout commands' commands "$@"
}
(( $+functions[_cutover__subcmd__permissions_commands] )) ||
_cutover__subcmd__permissions_commands() {
    local commands; commands=()
    _describe -t commands 'cutover permissions commands' commands "$@"
}
(( $+functions[_cutover__subcmd__plan_commands] )) ||
_cutover__subcmd__plan_commands() {
    local commands; commands=()
    _describe -t commands 'cutover plan commands' commands "$@"
}
(( $+functions[_cutover__subcmd__report_commands] )) ||
_cutover__subcmd__report_commands() {
    local commands; commands=()
    _describe -t commands 'cutover report commands' commands "$@"
}
(( $+functions[_cutover__subcmd__resume_commands] )) ||
_cutover__subcmd__resume_commands() {
    local commands; commands=()
    _describe -t commands 'cutover resume commands' commands "$@"
}
(( $+functions[_cutover__subcmd__runs_commands] )) ||
_cutover__subcmd__runs_commands() {
    local commands; commands=(
'show:What happened in a run\: its steps and loans, how long each took, and the keys that its requests were sent with' \
'help:Print this message or the help of the given subcommand(s)' \
    )
    _describe -t commands 'cutover runs commands' commands "$@"
}
(( $+functions[_cutover__subcmd__runs__subcmd__help_commands] )) ||
_cutover__subcmd__runs__subcmd__help_commands() {
    local commands; commands=(
'show:What happened in a run\: its steps and loans, how long each took, and the keys that its requests were sent with' \
'help:Print this message or the help of the given subcommand(s)' \
    )
    _describe -t commands 'cutover runs help commands' commands "$@"
}
(( $+functions[_cutover__subcmd__runs__subcmd__help__subcmd__help_commands] )) ||
_cutover__subcmd__runs__subcmd__help__subcmd__help_commands() {
    local commands; commands=()
    _describe -t commands 'cutover runs help help commands' commands "$@"
}
(( $+functions[_cutover__subcmd__runs__subcmd__help__subcmd__show_commands] )) ||
_cutover__subcmd__runs__subcmd__help__subcmd__show_commands() {
    local commands; commands=()
    _describe -t commands 'cutover runs help show commands' commands "$@"
}
(( $+functions[_cutover__subcmd__runs__subcmd__show_commands] )) ||
_cutover__subcmd__runs__subcmd__show_commands() {
    local commands; commands=()
    _describe -t commands 'cutover runs show commands' commands "$@"
}
(( $+functions[_cutover__subcmd__upgrade_commands] )) ||
_cutover__subcmd__upgrade_commands() {
    local commands; commands=()
    _describe -t commands 'cutover upgrade commands' commands "$@"
}
(( $+functions[_cutover__subcmd__verify-bundle_commands] )) ||
_cutover__subcmd__verify-bundle_commands() {
    local commands; commands=()
    _describe -t commands 'cutover verify-bundle commands' commands "$@"
}
(( $+functions[_cutover__subcmd__whoami_commands] )) ||
_cutover__subcmd__whoami_commands() {
    local commands; commands=()
    _describe -t commands 'cutover whoami commands' commands "$@"
}

if [ "$funcstack[1]" = "_cutover" ]; then
    _cutover "$@"
else
    compdef _cutover cutover
fi
