# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_cutover_global_optspecs
    string join \n c/config= world= state= sign-in= trust-connection non-interactive plain h/help V/version
end

function __fish_cutover_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_cutover_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_cutover_using_subcommand
    set -l cmd (__fish_cutover_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c cutover -n "__fish_cutover_needs_command" -s c -l config -d 'Configuration file [default: cutover.toml]' -r -F
complete -c cutover -n "__fish_cutover_needs_command" -l world -d 'Use the built-in emulator with this world instead of a tenant; `cutover emulator --list` names them' -r
complete -c cutover -n "__fish_cutover_needs_command" -l state -d 'Folder for attestations, the journal of runs and, with --world, for the world\'s state and clock [default: a folder of its own]' -r -F
complete -c cutover -n "__fish_cutover_needs_command" -l sign-in -d 'Sign in to the Dynamics tenant this way instead of that of the configuration' -r -f -a "browser\t'A person, in the browser of this machine'
device-code\t'A person, by a code that is typed on any device'
client-secret\t'An application, by a secret'
client-certificate\t'An application, by a certificate'
workload-identity\t'An application, by the token of another issuer'
managed-identity\t'The managed identity of a machine or service of Azure'
azure-cli\t'Whoever is signed in to the Azure CLI'"
complete -c cutover -n "__fish_cutover_needs_command" -l trust-connection -d 'Use what this machine is signed in to (azure-cli, managed-identity, a kept sign-in) though [connection] leads elsewhere'
complete -c cutover -n "__fish_cutover_needs_command" -l non-interactive -d 'Ask nobody anything: neither to sign in nor for an answer'
complete -c cutover -n "__fish_cutover_needs_command" -l plain -d 'Only ASCII, no colour'
complete -c cutover -n "__fish_cutover_needs_command" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c cutover -n "__fish_cutover_needs_command" -s V -l version -d 'Print version'
complete -c cutover -n "__fish_cutover_needs_command" -f -a "check" -d 'Read-only: could the upgrade start now? Every requirement, verdict, evidence and fix'
complete -c cutover -n "__fish_cutover_needs_command" -f -a "explain" -d 'The manual page of a requirement: why, evidence, fix by hand, permissions, source'
complete -c cutover -n "__fish_cutover_needs_command" -f -a "explain-mfa" -d 'Why MFA is demanded of an account, or not: every policy, what it demands, and which sign-ins slip through'
complete -c cutover -n "__fish_cutover_needs_command" -f -a "attest" -d 'Record what a person saw, where no API can show it'
complete -c cutover -n "__fish_cutover_needs_command" -f -a "facts" -d 'Store what was seen in the tenant, to judge it again later with `cutover judge`'
complete -c cutover -n "__fish_cutover_needs_command" -f -a "plan" -d 'What would be changed, lent and returned, and what is left to people; nothing is written to the tenant'
complete -c cutover -n "__fish_cutover_needs_command" -f -a "apply" -d 'Carry out exactly what a plan says; what it lends comes back, whatever happens'
complete -c cutover -n "__fish_cutover_needs_command" -f -a "upgrade" -d 'Upgrade: everything from the freeze to the proof, after one confirmation that shows the whole way'
complete -c cutover -n "__fish_cutover_needs_command" -f -a "resume" -d 'Go on with a run that was interrupted: settle what is in doubt, do what is left, bring back what is lent'
complete -c cutover -n "__fish_cutover_needs_command" -f -a "leases" -d 'What is out on loan now, in every run on this machine; asks nobody'
complete -c cutover -n "__fish_cutover_needs_command" -f -a "give-back" -d 'End a run: no new work, everything that is lent comes back'
complete -c cutover -n "__fish_cutover_needs_command" -f -a "abort" -d 'Stop a run: no new work, what is lent comes back, and what stays in the tenant is said'
complete -c cutover -n "__fish_cutover_needs_command" -f -a "runs" -d 'What was carried out on this machine: when, what came of it, what is out; asks nobody'
complete -c cutover -n "__fish_cutover_needs_command" -f -a "report" -d 'What an auditor reads of a run or a check: HTML, Markdown, JSON, or a bundle of all evidence; asks nobody'
complete -c cutover -n "__fish_cutover_needs_command" -f -a "verify-bundle" -d 'Is an evidence bundle what was written? Every change is named; asks nobody, and unpacks nothing'
complete -c cutover -n "__fish_cutover_needs_command" -f -a "judge" -d 'Judge stored facts again, without any network'
complete -c cutover -n "__fish_cutover_needs_command" -f -a "diff" -d 'Tell what changed between two looks: verdicts first, then facts'
complete -c cutover -n "__fish_cutover_needs_command" -f -a "doctor" -d 'Tell what keeps cutover itself from working here: configuration, folders, credentials, network, sign-in'
complete -c cutover -n "__fish_cutover_needs_command" -f -a "permissions" -d 'The least permissions for what you will run, why each is needed, an app manifest and a consent link; offline'
complete -c cutover -n "__fish_cutover_needs_command" -f -a "init" -d 'Write a configuration by flags or by asking; finds the environments and what is installed'
complete -c cutover -n "__fish_cutover_needs_command" -f -a "login" -d 'Sign in to the Dynamics tenant and, when there is one, the partner tenant, and show who it is'
complete -c cutover -n "__fish_cutover_needs_command" -f -a "logout" -d 'Forget the sign-ins that `cutover login` kept for this configuration'
complete -c cutover -n "__fish_cutover_needs_command" -f -a "whoami" -d 'Who is signed in to each tenant, how, and what that allows'
complete -c cutover -n "__fish_cutover_needs_command" -f -a "demo" -d 'The whole arc on the built-in emulator, from check to a verified bundle of evidence: nothing to configure, no tenant involved'
complete -c cutover -n "__fish_cutover_needs_command" -f -a "emulator" -d 'An offline double of Entra, Graph, Dataverse, Power Platform and Partner Center, on this machine'
complete -c cutover -n "__fish_cutover_needs_command" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c cutover -n "__fish_cutover_using_subcommand check" -l only -d 'Only these requirements, such as W301' -r
complete -c cutover -n "__fish_cutover_using_subcommand check" -l skip -d 'All requirements but these' -r
complete -c cutover -n "__fish_cutover_using_subcommand check" -s o -l output -d 'What is written to standard output' -r -f -a "table\t'For a person'
short\t'One line a requirement that is not simply met'
json\t'For a program, with a published schema'"
complete -c cutover -n "__fish_cutover_using_subcommand check" -l wait -d 'Check again until ready, for at most this long, such as 15m' -r
complete -c cutover -n "__fish_cutover_using_subcommand check" -s c -l config -d 'Configuration file [default: cutover.toml]' -r -F
complete -c cutover -n "__fish_cutover_using_subcommand check" -l world -d 'Use the built-in emulator with this world instead of a tenant; `cutover emulator --list` names them' -r
complete -c cutover -n "__fish_cutover_using_subcommand check" -l state -d 'Folder for attestations, the journal of runs and, with --world, for the world\'s state and clock [default: a folder of its own]' -r -F
complete -c cutover -n "__fish_cutover_using_subcommand check" -l sign-in -d 'Sign in to the Dynamics tenant this way instead of that of the configuration' -r -f -a "browser\t'A person, in the browser of this machine'
device-code\t'A person, by a code that is typed on any device'
client-secret\t'An application, by a secret'
client-certificate\t'An application, by a certificate'
workload-identity\t'An application, by the token of another issuer'
managed-identity\t'The managed identity of a machine or service of Azure'
azure-cli\t'Whoever is signed in to the Azure CLI'"
complete -c cutover -n "__fish_cutover_using_subcommand check" -l strict-warnings -d 'Exit with 6 when ready with warnings'
complete -c cutover -n "__fish_cutover_using_subcommand check" -l trust-connection -d 'Use what this machine is signed in to (azure-cli, managed-identity, a kept sign-in) though [connection] leads elsewhere'
complete -c cutover -n "__fish_cutover_using_subcommand check" -l non-interactive -d 'Ask nobody anything: neither to sign in nor for an answer'
complete -c cutover -n "__fish_cutover_using_subcommand check" -l plain -d 'Only ASCII, no colour'
complete -c cutover -n "__fish_cutover_using_subcommand check" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c cutover -n "__fish_cutover_using_subcommand check" -s V -l version -d 'Print version'
complete -c cutover -n "__fish_cutover_using_subcommand explain" -s c -l config -d 'Configuration file [default: cutover.toml]' -r -F
complete -c cutover -n "__fish_cutover_using_subcommand explain" -l world -d 'Use the built-in emulator with this world instead of a tenant; `cutover emulator --list` names them' -r
complete -c cutover -n "__fish_cutover_using_subcommand explain" -l state -d 'Folder for attestations, the journal of runs and, with --world, for the world\'s state and clock [default: a folder of its own]' -r -F
complete -c cutover -n "__fish_cutover_using_subcommand explain" -l sign-in -d 'Sign in to the Dynamics tenant this way instead of that of the configuration' -r -f -a "browser\t'A person, in the browser of this machine'
device-code\t'A person, by a code that is typed on any device'
client-secret\t'An application, by a secret'
client-certificate\t'An application, by a certificate'
workload-identity\t'An application, by the token of another issuer'
managed-identity\t'The managed identity of a machine or service of Azure'
azure-cli\t'Whoever is signed in to the Azure CLI'"
complete -c cutover -n "__fish_cutover_using_subcommand explain" -l trust-connection -d 'Use what this machine is signed in to (azure-cli, managed-identity, a kept sign-in) though [connection] leads elsewhere'
complete -c cutover -n "__fish_cutover_using_subcommand explain" -l non-interactive -d 'Ask nobody anything: neither to sign in nor for an answer'
complete -c cutover -n "__fish_cutover_using_subcommand explain" -l plain -d 'Only ASCII, no colour'
complete -c cutover -n "__fish_cutover_using_subcommand explain" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c cutover -n "__fish_cutover_using_subcommand explain" -s V -l version -d 'Print version'
complete -c cutover -n "__fish_cutover_using_subcommand explain-mfa" -s u -l user -d 'The account, by user principal name' -r
complete -c cutover -n "__fish_cutover_using_subcommand explain-mfa" -s a -l app -d 'What it signs in to: dataverse, partner-center, or an application id' -r
complete -c cutover -n "__fish_cutover_using_subcommand explain-mfa" -l facts -d 'Explain from stored facts, without any network' -r -F
complete -c cutover -n "__fish_cutover_using_subcommand explain-mfa" -s o -l output -d 'What is written to standard output' -r -f -a "table\t'For a person'
json\t'For a program'"
complete -c cutover -n "__fish_cutover_using_subcommand explain-mfa" -s c -l config -d 'Configuration file [default: cutover.toml]' -r -F
complete -c cutover -n "__fish_cutover_using_subcommand explain-mfa" -l world -d 'Use the built-in emulator with this world instead of a tenant; `cutover emulator --list` names them' -r
complete -c cutover -n "__fish_cutover_using_subcommand explain-mfa" -l state -d 'Folder for attestations, the journal of runs and, with --world, for the world\'s state and clock [default: a folder of its own]' -r -F
complete -c cutover -n "__fish_cutover_using_subcommand explain-mfa" -l sign-in -d 'Sign in to the Dynamics tenant this way instead of that of the configuration' -r -f -a "browser\t'A person, in the browser of this machine'
device-code\t'A person, by a code that is typed on any device'
client-secret\t'An application, by a secret'
client-certificate\t'An application, by a certificate'
workload-identity\t'An application, by the token of another issuer'
managed-identity\t'The managed identity of a machine or service of Azure'
azure-cli\t'Whoever is signed in to the Azure CLI'"
complete -c cutover -n "__fish_cutover_using_subcommand explain-mfa" -l trust-connection -d 'Use what this machine is signed in to (azure-cli, managed-identity, a kept sign-in) though [connection] leads elsewhere'
complete -c cutover -n "__fish_cutover_using_subcommand explain-mfa" -l non-interactive -d 'Ask nobody anything: neither to sign in nor for an answer'
complete -c cutover -n "__fish_cutover_using_subcommand explain-mfa" -l plain -d 'Only ASCII, no colour'
complete -c cutover -n "__fish_cutover_using_subcommand explain-mfa" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c cutover -n "__fish_cutover_using_subcommand explain-mfa" -s V -l version -d 'Print version'
complete -c cutover -n "__fish_cutover_using_subcommand attest" -l by -d 'Who saw it: a name or address' -r
complete -c cutover -n "__fish_cutover_using_subcommand attest" -l seen -d 'What was seen, in their words' -r
complete -c cutover -n "__fish_cutover_using_subcommand attest" -l for-version -d 'The Work 365 version it was seen on [default: the installed one]' -r
complete -c cutover -n "__fish_cutover_using_subcommand attest" -s c -l config -d 'Configuration file [default: cutover.toml]' -r -F
complete -c cutover -n "__fish_cutover_using_subcommand attest" -l world -d 'Use the built-in emulator with this world instead of a tenant; `cutover emulator --list` names them' -r
complete -c cutover -n "__fish_cutover_using_subcommand attest" -l state -d 'Folder for attestations, the journal of runs and, with --world, for the world\'s state and clock [default: a folder of its own]' -r -F
complete -c cutover -n "__fish_cutover_using_subcommand attest" -l sign-in -d 'Sign in to the Dynamics tenant this way instead of that of the configuration' -r -f -a "browser\t'A person, in the browser of this machine'
device-code\t'A person, by a code that is typed on any device'
client-secret\t'An application, by a secret'
client-certificate\t'An application, by a certificate'
workload-identity\t'An application, by the token of another issuer'
managed-identity\t'The managed identity of a machine or service of Azure'
azure-cli\t'Whoever is signed in to the Azure CLI'"
complete -c cutover -n "__fish_cutover_using_subcommand attest" -l trust-connection -d 'Use what this machine is signed in to (azure-cli, managed-identity, a kept sign-in) though [connection] leads elsewhere'
complete -c cutover -n "__fish_cutover_using_subcommand attest" -l non-interactive -d 'Ask nobody anything: neither to sign in nor for an answer'
complete -c cutover -n "__fish_cutover_using_subcommand attest" -l plain -d 'Only ASCII, no colour'
complete -c cutover -n "__fish_cutover_using_subcommand attest" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c cutover -n "__fish_cutover_using_subcommand attest" -s V -l version -d 'Print version'
complete -c cutover -n "__fish_cutover_using_subcommand facts" -s o -l output -d 'Where to; `-` is standard output' -r -F
complete -c cutover -n "__fish_cutover_using_subcommand facts" -l from -d 'Redact this stored file instead of looking at the tenant' -r -F
complete -c cutover -n "__fish_cutover_using_subcommand facts" -s c -l config -d 'Configuration file [default: cutover.toml]' -r -F
complete -c cutover -n "__fish_cutover_using_subcommand facts" -l world -d 'Use the built-in emulator with this world instead of a tenant; `cutover emulator --list` names them' -r
complete -c cutover -n "__fish_cutover_using_subcommand facts" -l state -d 'Folder for attestations, the journal of runs and, with --world, for the world\'s state and clock [default: a folder of its own]' -r -F
complete -c cutover -n "__fish_cutover_using_subcommand facts" -l sign-in -d 'Sign in to the Dynamics tenant this way instead of that of the configuration' -r -f -a "browser\t'A person, in the browser of this machine'
device-code\t'A person, by a code that is typed on any device'
client-secret\t'An application, by a secret'
client-certificate\t'An application, by a certificate'
workload-identity\t'An application, by the token of another issuer'
managed-identity\t'The managed identity of a machine or service of Azure'
azure-cli\t'Whoever is signed in to the Azure CLI'"
complete -c cutover -n "__fish_cutover_using_subcommand facts" -l redact -d 'Replace names, addresses and ids by tokens, so that the file can be passed on'
complete -c cutover -n "__fish_cutover_using_subcommand facts" -l trust-connection -d 'Use what this machine is signed in to (azure-cli, managed-identity, a kept sign-in) though [connection] leads elsewhere'
complete -c cutover -n "__fish_cutover_using_subcommand facts" -l non-interactive -d 'Ask nobody anything: neither to sign in nor for an answer'
complete -c cutover -n "__fish_cutover_using_subcommand facts" -l plain -d 'Only ASCII, no colour'
complete -c cutover -n "__fish_cutover_using_subcommand facts" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c cutover -n "__fish_cutover_using_subcommand facts" -s V -l version -d 'Print version'
complete -c cutover -n "__fish_cutover_using_subcommand plan" -s o -l file -d 'Keep the plan in this file, for `cutover apply`' -r -F
complete -c cutover -n "__fish_cutover_using_subcommand plan" -l output -d 'What is written to standard output' -r -f -a "table\t'For a person'
json\t'The plan itself, with a published schema'"
complete -c cutover -n "__fish_cutover_using_subcommand plan" -l only -d 'Only these requirements, such as W301' -r
complete -c cutover -n "__fish_cutover_using_subcommand plan" -l skip -d 'All requirements but these' -r
complete -c cutover -n "__fish_cutover_using_subcommand plan" -l mfa -d 'By what MFA is demanded; without it nothing demands it' -r -f -a "per-user\t'Per-user MFA of the account'
conditional-access\t'A Conditional Access policy for the account, report-only at first'
security-defaults\t'Security defaults, for everybody'"
complete -c cutover -n "__fish_cutover_using_subcommand plan" -l emergency-account -d 'An account that a Conditional Access policy leaves out: user principal name or object id; may be repeated' -r
complete -c cutover -n "__fish_cutover_using_subcommand plan" -l sku -d 'The licence to assign: SKU part number or id [default: the first free one that does]' -r
complete -c cutover -n "__fish_cutover_using_subcommand plan" -l usage-location -d 'The country of people who have none, such as NL: no licence can be assigned without it' -r
complete -c cutover -n "__fish_cutover_using_subcommand plan" -l time-zone -d 'Microsoft\'s time zone code for a service account that has none, such as 110' -r
complete -c cutover -n "__fish_cutover_using_subcommand plan" -l role-group -d 'A role-assignable group of Global Administrators, by object id: the role is lent by membership of it' -r
complete -c cutover -n "__fish_cutover_using_subcommand plan" -l loan-limit -d 'How long anything is out on loan at most' -r
complete -c cutover -n "__fish_cutover_using_subcommand plan" -l justification -d 'Why, in the words that Microsoft\'s audit logs will show' -r
complete -c cutover -n "__fish_cutover_using_subcommand plan" -l ticket -d 'Number of the ticket, where PIM asks for one' -r
complete -c cutover -n "__fish_cutover_using_subcommand plan" -s c -l config -d 'Configuration file [default: cutover.toml]' -r -F
complete -c cutover -n "__fish_cutover_using_subcommand plan" -l world -d 'Use the built-in emulator with this world instead of a tenant; `cutover emulator --list` names them' -r
complete -c cutover -n "__fish_cutover_using_subcommand plan" -l state -d 'Folder for attestations, the journal of runs and, with --world, for the world\'s state and clock [default: a folder of its own]' -r -F
complete -c cutover -n "__fish_cutover_using_subcommand plan" -l sign-in -d 'Sign in to the Dynamics tenant this way instead of that of the configuration' -r -f -a "browser\t'A person, in the browser of this machine'
device-code\t'A person, by a code that is typed on any device'
client-secret\t'An application, by a secret'
client-certificate\t'An application, by a certificate'
workload-identity\t'An application, by the token of another issuer'
managed-identity\t'The managed identity of a machine or service of Azure'
azure-cli\t'Whoever is signed in to the Azure CLI'"
complete -c cutover -n "__fish_cutover_using_subcommand plan" -l probe -d 'Also ask PIM whether it would accept what the plan lends by it; that stores nothing, and takes the right that lending it takes'
complete -c cutover -n "__fish_cutover_using_subcommand plan" -l lasting-licence -d 'Let the service account have a licence for good'
complete -c cutover -n "__fish_cutover_using_subcommand plan" -l trust-connection -d 'Use what this machine is signed in to (azure-cli, managed-identity, a kept sign-in) though [connection] leads elsewhere'
complete -c cutover -n "__fish_cutover_using_subcommand plan" -l non-interactive -d 'Ask nobody anything: neither to sign in nor for an answer'
complete -c cutover -n "__fish_cutover_using_subcommand plan" -l plain -d 'Only ASCII, no colour'
complete -c cutover -n "__fish_cutover_using_subcommand plan" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c cutover -n "__fish_cutover_using_subcommand plan" -s V -l version -d 'Print version'
complete -c cutover -n "__fish_cutover_using_subcommand apply" -l approve-by -d 'A second person who has to sign in and approve this very plan: user principal name or object id' -r
complete -c cutover -n "__fish_cutover_using_subcommand apply" -l approver-sign-in -d 'How that person signs in' -r -f -a "device-code\t'On any device, by a code'
browser\t'In the browser of this machine'"
complete -c cutover -n "__fish_cutover_using_subcommand apply" -l done -d 'A task of a person that is done, and what was seen; may be repeated' -r
complete -c cutover -n "__fish_cutover_using_subcommand apply" -s o -l output -d 'What is written to standard output' -r -f -a "table\t'For a person: the proof of return at the end; progress goes to standard error'
jsonl\t'For a program: one line of JSON for each thing that happens, with a published schema'"
complete -c cutover -n "__fish_cutover_using_subcommand apply" -l patience -d 'How long refused returns are tried before cutover leaves with something still out, such as 2h' -r
complete -c cutover -n "__fish_cutover_using_subcommand apply" -s c -l config -d 'Configuration file [default: cutover.toml]' -r -F
complete -c cutover -n "__fish_cutover_using_subcommand apply" -l world -d 'Use the built-in emulator with this world instead of a tenant; `cutover emulator --list` names them' -r
complete -c cutover -n "__fish_cutover_using_subcommand apply" -l state -d 'Folder for attestations, the journal of runs and, with --world, for the world\'s state and clock [default: a folder of its own]' -r -F
complete -c cutover -n "__fish_cutover_using_subcommand apply" -l sign-in -d 'Sign in to the Dynamics tenant this way instead of that of the configuration' -r -f -a "browser\t'A person, in the browser of this machine'
device-code\t'A person, by a code that is typed on any device'
client-secret\t'An application, by a secret'
client-certificate\t'An application, by a certificate'
workload-identity\t'An application, by the token of another issuer'
managed-identity\t'The managed identity of a machine or service of Azure'
azure-cli\t'Whoever is signed in to the Azure CLI'"
complete -c cutover -n "__fish_cutover_using_subcommand apply" -s y -l yes -d 'Do not ask whether to begin'
complete -c cutover -n "__fish_cutover_using_subcommand apply" -l trust-connection -d 'Use what this machine is signed in to (azure-cli, managed-identity, a kept sign-in) though [connection] leads elsewhere'
complete -c cutover -n "__fish_cutover_using_subcommand apply" -l non-interactive -d 'Ask nobody anything: neither to sign in nor for an answer'
complete -c cutover -n "__fish_cutover_using_subcommand apply" -l plain -d 'Only ASCII, no colour'
complete -c cutover -n "__fish_cutover_using_subcommand apply" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c cutover -n "__fish_cutover_using_subcommand apply" -s V -l version -d 'Print version'
complete -c cutover -n "__fish_cutover_using_subcommand upgrade" -l plan-only -d 'Keep the plan in this file, and begin nothing' -r -F
complete -c cutover -n "__fish_cutover_using_subcommand upgrade" -l drain -d 'How long open jobs are waited for at most, such as 2h' -r
complete -c cutover -n "__fish_cutover_using_subcommand upgrade" -l window-ends -d 'When the maintenance window ends: 02:00, 2026-12-01T02:00 (by environment.time_zone of the configuration) or 2026-12-01T02:00:00+01:00. Nothing is installed after it' -r
complete -c cutover -n "__fish_cutover_using_subcommand upgrade" -l left-over -d 'What becomes of an upgrade that somebody began and did not finish' -r -f -a "finish\t'Its holding solution takes the place of the installed one'
clear\t'Its holding solution is deleted'"
complete -c cutover -n "__fish_cutover_using_subcommand upgrade" -l mfa -d 'By what MFA is demanded; without it nothing demands it' -r -f -a "per-user\t'Per-user MFA of the account'
conditional-access\t'A Conditional Access policy for the account, report-only at first'
security-defaults\t'Security defaults, for everybody'"
complete -c cutover -n "__fish_cutover_using_subcommand upgrade" -l emergency-account -d 'An account that a Conditional Access policy leaves out: user principal name or object id; may be repeated' -r
complete -c cutover -n "__fish_cutover_using_subcommand upgrade" -l sku -d 'The licence to assign: SKU part number or id [default: the first free one that does]' -r
complete -c cutover -n "__fish_cutover_using_subcommand upgrade" -l usage-location -d 'The country of people who have none, such as NL: no licence can be assigned without it' -r
complete -c cutover -n "__fish_cutover_using_subcommand upgrade" -l time-zone -d 'Microsoft\'s time zone code for a service account that has none, such as 110' -r
complete -c cutover -n "__fish_cutover_using_subcommand upgrade" -l role-group -d 'A role-assignable group of Global Administrators, by object id: the role is lent by membership of it' -r
complete -c cutover -n "__fish_cutover_using_subcommand upgrade" -l loan-limit -d 'How long anything is out on loan at most' -r
complete -c cutover -n "__fish_cutover_using_subcommand upgrade" -l justification -d 'Why, in the words that Microsoft\'s audit logs will show' -r
complete -c cutover -n "__fish_cutover_using_subcommand upgrade" -l ticket -d 'Number of the ticket, where PIM asks for one' -r
complete -c cutover -n "__fish_cutover_using_subcommand upgrade" -l approve-by -d 'A second person who has to sign in and approve this very plan: user principal name or object id' -r
complete -c cutover -n "__fish_cutover_using_subcommand upgrade" -l approver-sign-in -d 'How that person signs in' -r -f -a "device-code\t'On any device, by a code'
browser\t'In the browser of this machine'"
complete -c cutover -n "__fish_cutover_using_subcommand upgrade" -l done -d 'A task of a person that is done, and what was seen; may be repeated' -r
complete -c cutover -n "__fish_cutover_using_subcommand upgrade" -s o -l output -d 'What is written to standard output' -r -f -a "table\t'For a person: the proof of return at the end; progress goes to standard error'
jsonl\t'For a program: one line of JSON for each thing that happens, with a published schema'"
complete -c cutover -n "__fish_cutover_using_subcommand upgrade" -l patience -d 'How long refused returns are tried before cutover leaves with something still out, such as 2h' -r
complete -c cutover -n "__fish_cutover_using_subcommand upgrade" -s c -l config -d 'Configuration file [default: cutover.toml]' -r -F
complete -c cutover -n "__fish_cutover_using_subcommand upgrade" -l world -d 'Use the built-in emulator with this world instead of a tenant; `cutover emulator --list` names them' -r
complete -c cutover -n "__fish_cutover_using_subcommand upgrade" -l state -d 'Folder for attestations, the journal of runs and, with --world, for the world\'s state and clock [default: a folder of its own]' -r -F
complete -c cutover -n "__fish_cutover_using_subcommand upgrade" -l sign-in -d 'Sign in to the Dynamics tenant this way instead of that of the configuration' -r -f -a "browser\t'A person, in the browser of this machine'
device-code\t'A person, by a code that is typed on any device'
client-secret\t'An application, by a secret'
client-certificate\t'An application, by a certificate'
workload-identity\t'An application, by the token of another issuer'
managed-identity\t'The managed identity of a machine or service of Azure'
azure-cli\t'Whoever is signed in to the Azure CLI'"
complete -c cutover -n "__fish_cutover_using_subcommand upgrade" -l without-restore-point -d 'Go without a restore point, where none can be made'
complete -c cutover -n "__fish_cutover_using_subcommand upgrade" -l in-two-steps -d 'Import a solution file beside the installed version, then promote it: for platforms before 9.2.21013.00131'
complete -c cutover -n "__fish_cutover_using_subcommand upgrade" -l end-activation -d 'End what you have activated in PIM first: the upgrade activates the role itself, for as short as can be'
complete -c cutover -n "__fish_cutover_using_subcommand upgrade" -l lasting-licence -d 'Let the service account have a licence for good'
complete -c cutover -n "__fish_cutover_using_subcommand upgrade" -s y -l yes -d 'Do not ask whether to begin'
complete -c cutover -n "__fish_cutover_using_subcommand upgrade" -l trust-connection -d 'Use what this machine is signed in to (azure-cli, managed-identity, a kept sign-in) though [connection] leads elsewhere'
complete -c cutover -n "__fish_cutover_using_subcommand upgrade" -l non-interactive -d 'Ask nobody anything: neither to sign in nor for an answer'
complete -c cutover -n "__fish_cutover_using_subcommand upgrade" -l plain -d 'Only ASCII, no colour'
complete -c cutover -n "__fish_cutover_using_subcommand upgrade" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c cutover -n "__fish_cutover_using_subcommand upgrade" -s V -l version -d 'Print version'
complete -c cutover -n "__fish_cutover_using_subcommand resume" -s o -l output -d 'What is written to standard output' -r -f -a "table\t'For a person: the proof of return at the end; progress goes to standard error'
jsonl\t'For a program: one line of JSON for each thing that happens, with a published schema'"
complete -c cutover -n "__fish_cutover_using_subcommand resume" -l patience -d 'How long refused returns are tried before cutover leaves with something still out, such as 2h' -r
complete -c cutover -n "__fish_cutover_using_subcommand resume" -l done -d 'A task of a person that is done, and what was seen; may be repeated' -r
complete -c cutover -n "__fish_cutover_using_subcommand resume" -s c -l config -d 'Configuration file [default: cutover.toml]' -r -F
complete -c cutover -n "__fish_cutover_using_subcommand resume" -l world -d 'Use the built-in emulator with this world instead of a tenant; `cutover emulator --list` names them' -r
complete -c cutover -n "__fish_cutover_using_subcommand resume" -l state -d 'Folder for attestations, the journal of runs and, with --world, for the world\'s state and clock [default: a folder of its own]' -r -F
complete -c cutover -n "__fish_cutover_using_subcommand resume" -l sign-in -d 'Sign in to the Dynamics tenant this way instead of that of the configuration' -r -f -a "browser\t'A person, in the browser of this machine'
device-code\t'A person, by a code that is typed on any device'
client-secret\t'An application, by a secret'
client-certificate\t'An application, by a certificate'
workload-identity\t'An application, by the token of another issuer'
managed-identity\t'The managed identity of a machine or service of Azure'
azure-cli\t'Whoever is signed in to the Azure CLI'"
complete -c cutover -n "__fish_cutover_using_subcommand resume" -l take-over -d 'Take it over from a process on another machine, which has ended'
complete -c cutover -n "__fish_cutover_using_subcommand resume" -l trust-connection -d 'Use what this machine is signed in to (azure-cli, managed-identity, a kept sign-in) though [connection] leads elsewhere'
complete -c cutover -n "__fish_cutover_using_subcommand resume" -l non-interactive -d 'Ask nobody anything: neither to sign in nor for an answer'
complete -c cutover -n "__fish_cutover_using_subcommand resume" -l plain -d 'Only ASCII, no colour'
complete -c cutover -n "__fish_cutover_using_subcommand resume" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c cutover -n "__fish_cutover_using_subcommand resume" -s V -l version -d 'Print version'
complete -c cutover -n "__fish_cutover_using_subcommand leases; and not __fish_seen_subcommand_from renew help" -s o -l output -d 'What is written to standard output' -r -f -a "table\t'For a person'
json\t'For a program, with a published schema'"
complete -c cutover -n "__fish_cutover_using_subcommand leases; and not __fish_seen_subcommand_from renew help" -s c -l config -d 'Configuration file [default: cutover.toml]' -r -F
complete -c cutover -n "__fish_cutover_using_subcommand leases; and not __fish_seen_subcommand_from renew help" -l world -d 'Use the built-in emulator with this world instead of a tenant; `cutover emulator --list` names them' -r
complete -c cutover -n "__fish_cutover_using_subcommand leases; and not __fish_seen_subcommand_from renew help" -l state -d 'Folder for attestations, the journal of runs and, with --world, for the world\'s state and clock [default: a folder of its own]' -r -F
complete -c cutover -n "__fish_cutover_using_subcommand leases; and not __fish_seen_subcommand_from renew help" -l sign-in -d 'Sign in to the Dynamics tenant this way instead of that of the configuration' -r -f -a "browser\t'A person, in the browser of this machine'
device-code\t'A person, by a code that is typed on any device'
client-secret\t'An application, by a secret'
client-certificate\t'An application, by a certificate'
workload-identity\t'An application, by the token of another issuer'
managed-identity\t'The managed identity of a machine or service of Azure'
azure-cli\t'Whoever is signed in to the Azure CLI'"
complete -c cutover -n "__fish_cutover_using_subcommand leases; and not __fish_seen_subcommand_from renew help" -l all -d 'Also the runs that have ended'
complete -c cutover -n "__fish_cutover_using_subcommand leases; and not __fish_seen_subcommand_from renew help" -l trust-connection -d 'Use what this machine is signed in to (azure-cli, managed-identity, a kept sign-in) though [connection] leads elsewhere'
complete -c cutover -n "__fish_cutover_using_subcommand leases; and not __fish_seen_subcommand_from renew help" -l non-interactive -d 'Ask nobody anything: neither to sign in nor for an answer'
complete -c cutover -n "__fish_cutover_using_subcommand leases; and not __fish_seen_subcommand_from renew help" -l plain -d 'Only ASCII, no colour'
complete -c cutover -n "__fish_cutover_using_subcommand leases; and not __fish_seen_subcommand_from renew help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c cutover -n "__fish_cutover_using_subcommand leases; and not __fish_seen_subcommand_from renew help" -s V -l version -d 'Print version'
complete -c cutover -n "__fish_cutover_using_subcommand leases; and not __fish_seen_subcommand_from renew help" -f -a "renew" -d 'Let a loan stay out longer; the decision and who took it are kept'
complete -c cutover -n "__fish_cutover_using_subcommand leases; and not __fish_seen_subcommand_from renew help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c cutover -n "__fish_cutover_using_subcommand leases; and __fish_seen_subcommand_from renew" -l until -d 'Until when at most, such as 2026-12-01T18:00:00Z' -r
complete -c cutover -n "__fish_cutover_using_subcommand leases; and __fish_seen_subcommand_from renew" -l by -d 'Who decides so: a name or address' -r
complete -c cutover -n "__fish_cutover_using_subcommand leases; and __fish_seen_subcommand_from renew" -l run -d 'Of which run [default: the one that has not ended]' -r
complete -c cutover -n "__fish_cutover_using_subcommand leases; and __fish_seen_subcommand_from renew" -s c -l config -d 'Configuration file [default: cutover.toml]' -r -F
complete -c cutover -n "__fish_cutover_using_subcommand leases; and __fish_seen_subcommand_from renew" -l world -d 'Use the built-in emulator with this world instead of a tenant; `cutover emulator --list` names them' -r
complete -c cutover -n "__fish_cutover_using_subcommand leases; and __fish_seen_subcommand_from renew" -l state -d 'Folder for attestations, the journal of runs and, with --world, for the world\'s state and clock [default: a folder of its own]' -r -F
complete -c cutover -n "__fish_cutover_using_subcommand leases; and __fish_seen_subcommand_from renew" -l sign-in -d 'Sign in to the Dynamics tenant this way instead of that of the configuration' -r -f -a "browser\t'A person, in the browser of this machine'
device-code\t'A person, by a code that is typed on any device'
client-secret\t'An application, by a secret'
client-certificate\t'An application, by a certificate'
workload-identity\t'An application, by the token of another issuer'
managed-identity\t'The managed identity of a machine or service of Azure'
azure-cli\t'Whoever is signed in to the Azure CLI'"
complete -c cutover -n "__fish_cutover_using_subcommand leases; and __fish_seen_subcommand_from renew" -l trust-connection -d 'Use what this machine is signed in to (azure-cli, managed-identity, a kept sign-in) though [connection] leads elsewhere'
complete -c cutover -n "__fish_cutover_using_subcommand leases; and __fish_seen_subcommand_from renew" -l non-interactive -d 'Ask nobody anything: neither to sign in nor for an answer'
complete -c cutover -n "__fish_cutover_using_subcommand leases; and __fish_seen_subcommand_from renew" -l plain -d 'Only ASCII, no colour'
complete -c cutover -n "__fish_cutover_using_subcommand leases; and __fish_seen_subcommand_from renew" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c cutover -n "__fish_cutover_using_subcommand leases; and __fish_seen_subcommand_from renew" -s V -l version -d 'Print version'
complete -c cutover -n "__fish_cutover_using_subcommand leases; and __fish_seen_subcommand_from help" -f -a "renew" -d 'Let a loan stay out longer; the decision and who took it are kept'
complete -c cutover -n "__fish_cutover_using_subcommand leases; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c cutover -n "__fish_cutover_using_subcommand give-back" -s o -l output -d 'What is written to standard output' -r -f -a "table\t'For a person: the proof of return at the end; progress goes to standard error'
jsonl\t'For a program: one line of JSON for each thing that happens, with a published schema'"
complete -c cutover -n "__fish_cutover_using_subcommand give-back" -l patience -d 'How long refused returns are tried before cutover leaves with something still out, such as 2h' -r
complete -c cutover -n "__fish_cutover_using_subcommand give-back" -s c -l config -d 'Configuration file [default: cutover.toml]' -r -F
complete -c cutover -n "__fish_cutover_using_subcommand give-back" -l world -d 'Use the built-in emulator with this world instead of a tenant; `cutover emulator --list` names them' -r
complete -c cutover -n "__fish_cutover_using_subcommand give-back" -l state -d 'Folder for attestations, the journal of runs and, with --world, for the world\'s state and clock [default: a folder of its own]' -r -F
complete -c cutover -n "__fish_cutover_using_subcommand give-back" -l sign-in -d 'Sign in to the Dynamics tenant this way instead of that of the configuration' -r -f -a "browser\t'A person, in the browser of this machine'
device-code\t'A person, by a code that is typed on any device'
client-secret\t'An application, by a secret'
client-certificate\t'An application, by a certificate'
workload-identity\t'An application, by the token of another issuer'
managed-identity\t'The managed identity of a machine or service of Azure'
azure-cli\t'Whoever is signed in to the Azure CLI'"
complete -c cutover -n "__fish_cutover_using_subcommand give-back" -l take-over -d 'Take it over from a process on another machine, which has ended'
complete -c cutover -n "__fish_cutover_using_subcommand give-back" -l trust-connection -d 'Use what this machine is signed in to (azure-cli, managed-identity, a kept sign-in) though [connection] leads elsewhere'
complete -c cutover -n "__fish_cutover_using_subcommand give-back" -l non-interactive -d 'Ask nobody anything: neither to sign in nor for an answer'
complete -c cutover -n "__fish_cutover_using_subcommand give-back" -l plain -d 'Only ASCII, no colour'
complete -c cutover -n "__fish_cutover_using_subcommand give-back" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c cutover -n "__fish_cutover_using_subcommand give-back" -s V -l version -d 'Print version'
complete -c cutover -n "__fish_cutover_using_subcommand abort" -s o -l output -d 'What is written to standard output' -r -f -a "table\t'For a person: the proof of return at the end; progress goes to standard error'
jsonl\t'For a program: one line of JSON for each thing that happens, with a published schema'"
complete -c cutover -n "__fish_cutover_using_subcommand abort" -l patience -d 'How long refused returns are tried before cutover leaves with something still out, such as 2h' -r
complete -c cutover -n "__fish_cutover_using_subcommand abort" -s c -l config -d 'Configuration file [default: cutover.toml]' -r -F
complete -c cutover -n "__fish_cutover_using_subcommand abort" -l world -d 'Use the built-in emulator with this world instead of a tenant; `cutover emulator --list` names them' -r
complete -c cutover -n "__fish_cutover_using_subcommand abort" -l state -d 'Folder for attestations, the journal of runs and, with --world, for the world\'s state and clock [default: a folder of its own]' -r -F
complete -c cutover -n "__fish_cutover_using_subcommand abort" -l sign-in -d 'Sign in to the Dynamics tenant this way instead of that of the configuration' -r -f -a "browser\t'A person, in the browser of this machine'
device-code\t'A person, by a code that is typed on any device'
client-secret\t'An application, by a secret'
client-certificate\t'An application, by a certificate'
workload-identity\t'An application, by the token of another issuer'
managed-identity\t'The managed identity of a machine or service of Azure'
azure-cli\t'Whoever is signed in to the Azure CLI'"
complete -c cutover -n "__fish_cutover_using_subcommand abort" -l take-over -d 'Take it over from a process on another machine, which has ended'
complete -c cutover -n "__fish_cutover_using_subcommand abort" -l trust-connection -d 'Use what this machine is signed in to (azure-cli, managed-identity, a kept sign-in) though [connection] leads elsewhere'
complete -c cutover -n "__fish_cutover_using_subcommand abort" -l non-interactive -d 'Ask nobody anything: neither to sign in nor for an answer'
complete -c cutover -n "__fish_cutover_using_subcommand abort" -l plain -d 'Only ASCII, no colour'
complete -c cutover -n "__fish_cutover_using_subcommand abort" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c cutover -n "__fish_cutover_using_subcommand abort" -s V -l version -d 'Print version'
complete -c cutover -n "__fish_cutover_using_subcommand runs; and not __fish_seen_subcommand_from show help" -s o -l output -d 'What is written to standard output' -r -f -a "table\t'For a person'
json\t'For a program, with a published schema'"
complete -c cutover -n "__fish_cutover_using_subcommand runs; and not __fish_seen_subcommand_from show help" -s c -l config -d 'Configuration file [default: cutover.toml]' -r -F
complete -c cutover -n "__fish_cutover_using_subcommand runs; and not __fish_seen_subcommand_from show help" -l world -d 'Use the built-in emulator with this world instead of a tenant; `cutover emulator --list` names them' -r
complete -c cutover -n "__fish_cutover_using_subcommand runs; and not __fish_seen_subcommand_from show help" -l state -d 'Folder for attestations, the journal of runs and, with --world, for the world\'s state and clock [default: a folder of its own]' -r -F
complete -c cutover -n "__fish_cutover_using_subcommand runs; and not __fish_seen_subcommand_from show help" -l sign-in -d 'Sign in to the Dynamics tenant this way instead of that of the configuration' -r -f -a "browser\t'A person, in the browser of this machine'
device-code\t'A person, by a code that is typed on any device'
client-secret\t'An application, by a secret'
client-certificate\t'An application, by a certificate'
workload-identity\t'An application, by the token of another issuer'
managed-identity\t'The managed identity of a machine or service of Azure'
azure-cli\t'Whoever is signed in to the Azure CLI'"
complete -c cutover -n "__fish_cutover_using_subcommand runs; and not __fish_seen_subcommand_from show help" -l trust-connection -d 'Use what this machine is signed in to (azure-cli, managed-identity, a kept sign-in) though [connection] leads elsewhere'
complete -c cutover -n "__fish_cutover_using_subcommand runs; and not __fish_seen_subcommand_from show help" -l non-interactive -d 'Ask nobody anything: neither to sign in nor for an answer'
complete -c cutover -n "__fish_cutover_using_subcommand runs; and not __fish_seen_subcommand_from show help" -l plain -d 'Only ASCII, no colour'
complete -c cutover -n "__fish_cutover_using_subcommand runs; and not __fish_seen_subcommand_from show help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c cutover -n "__fish_cutover_using_subcommand runs; and not __fish_seen_subcommand_from show help" -s V -l version -d 'Print version'
complete -c cutover -n "__fish_cutover_using_subcommand runs; and not __fish_seen_subcommand_from show help" -f -a "show" -d 'What happened in a run: its steps and loans, how long each took, and the keys that its requests were sent with'
complete -c cutover -n "__fish_cutover_using_subcommand runs; and not __fish_seen_subcommand_from show help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c cutover -n "__fish_cutover_using_subcommand runs; and __fish_seen_subcommand_from show" -s o -l output -d 'What is written to standard output' -r -f -a "table\t'For a person'
json\t'For a program, with a published schema'"
complete -c cutover -n "__fish_cutover_using_subcommand runs; and __fish_seen_subcommand_from show" -s c -l config -d 'Configuration file [default: cutover.toml]' -r -F
complete -c cutover -n "__fish_cutover_using_subcommand runs; and __fish_seen_subcommand_from show" -l world -d 'Use the built-in emulator with this world instead of a tenant; `cutover emulator --list` names them' -r
complete -c cutover -n "__fish_cutover_using_subcommand runs; and __fish_seen_subcommand_from show" -l state -d 'Folder for attestations, the journal of runs and, with --world, for the world\'s state and clock [default: a folder of its own]' -r -F
complete -c cutover -n "__fish_cutover_using_subcommand runs; and __fish_seen_subcommand_from show" -l sign-in -d 'Sign in to the Dynamics tenant this way instead of that of the configuration' -r -f -a "browser\t'A person, in the browser of this machine'
device-code\t'A person, by a code that is typed on any device'
client-secret\t'An application, by a secret'
client-certificate\t'An application, by a certificate'
workload-identity\t'An application, by the token of another issuer'
managed-identity\t'The managed identity of a machine or service of Azure'
azure-cli\t'Whoever is signed in to the Azure CLI'"
complete -c cutover -n "__fish_cutover_using_subcommand runs; and __fish_seen_subcommand_from show" -l trust-connection -d 'Use what this machine is signed in to (azure-cli, managed-identity, a kept sign-in) though [connection] leads elsewhere'
complete -c cutover -n "__fish_cutover_using_subcommand runs; and __fish_seen_subcommand_from show" -l non-interactive -d 'Ask nobody anything: neither to sign in nor for an answer'
complete -c cutover -n "__fish_cutover_using_subcommand runs; and __fish_seen_subcommand_from show" -l plain -d 'Only ASCII, no colour'
complete -c cutover -n "__fish_cutover_using_subcommand runs; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c cutover -n "__fish_cutover_using_subcommand runs; and __fish_seen_subcommand_from show" -s V -l version -d 'Print version'
complete -c cutover -n "__fish_cutover_using_subcommand runs; and __fish_seen_subcommand_from help" -f -a "show" -d 'What happened in a run: its steps and loans, how long each took, and the keys that its requests were sent with'
complete -c cutover -n "__fish_cutover_using_subcommand runs; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c cutover -n "__fish_cutover_using_subcommand report" -l of -d 'A check of these stored facts instead of a run, as `cutover facts` wrote them' -r -F
complete -c cutover -n "__fish_cutover_using_subcommand report" -s o -l output -d 'Where to; `-` is standard output' -r -F
complete -c cutover -n "__fish_cutover_using_subcommand report" -l format -d 'In which form [default: what the name of the file says, else markdown]' -r -f -a "html\t'One page that asks nothing of any network'
markdown\t'For a ticket or a wiki'
json\t'For a program, with a published schema'"
complete -c cutover -n "__fish_cutover_using_subcommand report" -l bundle -d 'Write an evidence bundle of the run instead, such as run-1.tar.zst' -r -F
complete -c cutover -n "__fish_cutover_using_subcommand report" -l sign-with -d 'Sign the bundle with this Ed25519 key, a private key as PKCS#8 PEM' -r -F
complete -c cutover -n "__fish_cutover_using_subcommand report" -s c -l config -d 'Configuration file [default: cutover.toml]' -r -F
complete -c cutover -n "__fish_cutover_using_subcommand report" -l world -d 'Use the built-in emulator with this world instead of a tenant; `cutover emulator --list` names them' -r
complete -c cutover -n "__fish_cutover_using_subcommand report" -l state -d 'Folder for attestations, the journal of runs and, with --world, for the world\'s state and clock [default: a folder of its own]' -r -F
complete -c cutover -n "__fish_cutover_using_subcommand report" -l sign-in -d 'Sign in to the Dynamics tenant this way instead of that of the configuration' -r -f -a "browser\t'A person, in the browser of this machine'
device-code\t'A person, by a code that is typed on any device'
client-secret\t'An application, by a secret'
client-certificate\t'An application, by a certificate'
workload-identity\t'An application, by the token of another issuer'
managed-identity\t'The managed identity of a machine or service of Azure'
azure-cli\t'Whoever is signed in to the Azure CLI'"
complete -c cutover -n "__fish_cutover_using_subcommand report" -l trust-connection -d 'Use what this machine is signed in to (azure-cli, managed-identity, a kept sign-in) though [connection] leads elsewhere'
complete -c cutover -n "__fish_cutover_using_subcommand report" -l non-interactive -d 'Ask nobody anything: neither to sign in nor for an answer'
complete -c cutover -n "__fish_cutover_using_subcommand report" -l plain -d 'Only ASCII, no colour'
complete -c cutover -n "__fish_cutover_using_subcommand report" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c cutover -n "__fish_cutover_using_subcommand report" -s V -l version -d 'Print version'
complete -c cutover -n "__fish_cutover_using_subcommand verify-bundle" -l key -d 'The public key that it has to be signed with, as PEM' -r -F
complete -c cutover -n "__fish_cutover_using_subcommand verify-bundle" -s o -l output -d 'What is written to standard output' -r -f -a "table\t'For a person'
json\t'For a program, with a published schema'"
complete -c cutover -n "__fish_cutover_using_subcommand verify-bundle" -s c -l config -d 'Configuration file [default: cutover.toml]' -r -F
complete -c cutover -n "__fish_cutover_using_subcommand verify-bundle" -l world -d 'Use the built-in emulator with this world instead of a tenant; `cutover emulator --list` names them' -r
complete -c cutover -n "__fish_cutover_using_subcommand verify-bundle" -l state -d 'Folder for attestations, the journal of runs and, with --world, for the world\'s state and clock [default: a folder of its own]' -r -F
complete -c cutover -n "__fish_cutover_using_subcommand verify-bundle" -l sign-in -d 'Sign in to the Dynamics tenant this way instead of that of the configuration' -r -f -a "browser\t'A person, in the browser of this machine'
device-code\t'A person, by a code that is typed on any device'
client-secret\t'An application, by a secret'
client-certificate\t'An application, by a certificate'
workload-identity\t'An application, by the token of another issuer'
managed-identity\t'The managed identity of a machine or service of Azure'
azure-cli\t'Whoever is signed in to the Azure CLI'"
complete -c cutover -n "__fish_cutover_using_subcommand verify-bundle" -l trust-connection -d 'Use what this machine is signed in to (azure-cli, managed-identity, a kept sign-in) though [connection] leads elsewhere'
complete -c cutover -n "__fish_cutover_using_subcommand verify-bundle" -l non-interactive -d 'Ask nobody anything: neither to sign in nor for an answer'
complete -c cutover -n "__fish_cutover_using_subcommand verify-bundle" -l plain -d 'Only ASCII, no colour'
complete -c cutover -n "__fish_cutover_using_subcommand verify-bundle" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c cutover -n "__fish_cutover_using_subcommand verify-bundle" -s V -l version -d 'Print version'
complete -c cutover -n "__fish_cutover_using_subcommand judge" -l pack -d 'Another requirement pack than the built-in one' -r -F
complete -c cutover -n "__fish_cutover_using_subcommand judge" -l at -d 'The time to judge for, such as 2027-01-31T12:00:00Z [default: when the facts were collected]' -r
complete -c cutover -n "__fish_cutover_using_subcommand judge" -l only -d 'Only these requirements, such as W301' -r
complete -c cutover -n "__fish_cutover_using_subcommand judge" -l skip -d 'All requirements but these' -r
complete -c cutover -n "__fish_cutover_using_subcommand judge" -s o -l output -d 'What is written to standard output' -r -f -a "table\t'For a person'
short\t'One line a requirement that is not simply met'
json\t'For a program, with a published schema'"
complete -c cutover -n "__fish_cutover_using_subcommand judge" -s c -l config -d 'Configuration file [default: cutover.toml]' -r -F
complete -c cutover -n "__fish_cutover_using_subcommand judge" -l world -d 'Use the built-in emulator with this world instead of a tenant; `cutover emulator --list` names them' -r
complete -c cutover -n "__fish_cutover_using_subcommand judge" -l state -d 'Folder for attestations, the journal of runs and, with --world, for the world\'s state and clock [default: a folder of its own]' -r -F
complete -c cutover -n "__fish_cutover_using_subcommand judge" -l sign-in -d 'Sign in to the Dynamics tenant this way instead of that of the configuration' -r -f -a "browser\t'A person, in the browser of this machine'
device-code\t'A person, by a code that is typed on any device'
client-secret\t'An application, by a secret'
client-certificate\t'An application, by a certificate'
workload-identity\t'An application, by the token of another issuer'
managed-identity\t'The managed identity of a machine or service of Azure'
azure-cli\t'Whoever is signed in to the Azure CLI'"
complete -c cutover -n "__fish_cutover_using_subcommand judge" -l strict-warnings -d 'Exit with 6 when ready with warnings'
complete -c cutover -n "__fish_cutover_using_subcommand judge" -l trust-connection -d 'Use what this machine is signed in to (azure-cli, managed-identity, a kept sign-in) though [connection] leads elsewhere'
complete -c cutover -n "__fish_cutover_using_subcommand judge" -l non-interactive -d 'Ask nobody anything: neither to sign in nor for an answer'
complete -c cutover -n "__fish_cutover_using_subcommand judge" -l plain -d 'Only ASCII, no colour'
complete -c cutover -n "__fish_cutover_using_subcommand judge" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c cutover -n "__fish_cutover_using_subcommand judge" -s V -l version -d 'Print version'
complete -c cutover -n "__fish_cutover_using_subcommand diff" -l pack -d 'Judge both by this requirement pack instead of the built-in one' -r -F
complete -c cutover -n "__fish_cutover_using_subcommand diff" -s o -l output -d 'What is written to standard output' -r -f -a "table\t'For a person'
short\t'One line a requirement that is not simply met'
json\t'For a program, with a published schema'"
complete -c cutover -n "__fish_cutover_using_subcommand diff" -s c -l config -d 'Configuration file [default: cutover.toml]' -r -F
complete -c cutover -n "__fish_cutover_using_subcommand diff" -l world -d 'Use the built-in emulator with this world instead of a tenant; `cutover emulator --list` names them' -r
complete -c cutover -n "__fish_cutover_using_subcommand diff" -l state -d 'Folder for attestations, the journal of runs and, with --world, for the world\'s state and clock [default: a folder of its own]' -r -F
complete -c cutover -n "__fish_cutover_using_subcommand diff" -l sign-in -d 'Sign in to the Dynamics tenant this way instead of that of the configuration' -r -f -a "browser\t'A person, in the browser of this machine'
device-code\t'A person, by a code that is typed on any device'
client-secret\t'An application, by a secret'
client-certificate\t'An application, by a certificate'
workload-identity\t'An application, by the token of another issuer'
managed-identity\t'The managed identity of a machine or service of Azure'
azure-cli\t'Whoever is signed in to the Azure CLI'"
complete -c cutover -n "__fish_cutover_using_subcommand diff" -l other-tenant -d 'Compare even two different tenants'
complete -c cutover -n "__fish_cutover_using_subcommand diff" -l exit-code -d 'When a verdict changed, exit with the code that a check of AFTER would have'
complete -c cutover -n "__fish_cutover_using_subcommand diff" -l trust-connection -d 'Use what this machine is signed in to (azure-cli, managed-identity, a kept sign-in) though [connection] leads elsewhere'
complete -c cutover -n "__fish_cutover_using_subcommand diff" -l non-interactive -d 'Ask nobody anything: neither to sign in nor for an answer'
complete -c cutover -n "__fish_cutover_using_subcommand diff" -l plain -d 'Only ASCII, no colour'
complete -c cutover -n "__fish_cutover_using_subcommand diff" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c cutover -n "__fish_cutover_using_subcommand diff" -s V -l version -d 'Print version'
complete -c cutover -n "__fish_cutover_using_subcommand doctor" -s o -l output -d 'What is written to standard output' -r -f -a "table\t'For a person'
short\t'One line a requirement that is not simply met'
json\t'For a program, with a published schema'"
complete -c cutover -n "__fish_cutover_using_subcommand doctor" -s c -l config -d 'Configuration file [default: cutover.toml]' -r -F
complete -c cutover -n "__fish_cutover_using_subcommand doctor" -l world -d 'Use the built-in emulator with this world instead of a tenant; `cutover emulator --list` names them' -r
complete -c cutover -n "__fish_cutover_using_subcommand doctor" -l state -d 'Folder for attestations, the journal of runs and, with --world, for the world\'s state and clock [default: a folder of its own]' -r -F
complete -c cutover -n "__fish_cutover_using_subcommand doctor" -l sign-in -d 'Sign in to the Dynamics tenant this way instead of that of the configuration' -r -f -a "browser\t'A person, in the browser of this machine'
device-code\t'A person, by a code that is typed on any device'
client-secret\t'An application, by a secret'
client-certificate\t'An application, by a certificate'
workload-identity\t'An application, by the token of another issuer'
managed-identity\t'The managed identity of a machine or service of Azure'
azure-cli\t'Whoever is signed in to the Azure CLI'"
complete -c cutover -n "__fish_cutover_using_subcommand doctor" -l offline -d 'Ask no service'
complete -c cutover -n "__fish_cutover_using_subcommand doctor" -l trust-connection -d 'Use what this machine is signed in to (azure-cli, managed-identity, a kept sign-in) though [connection] leads elsewhere'
complete -c cutover -n "__fish_cutover_using_subcommand doctor" -l non-interactive -d 'Ask nobody anything: neither to sign in nor for an answer'
complete -c cutover -n "__fish_cutover_using_subcommand doctor" -l plain -d 'Only ASCII, no colour'
complete -c cutover -n "__fish_cutover_using_subcommand doctor" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c cutover -n "__fish_cutover_using_subcommand doctor" -s V -l version -d 'Print version'
complete -c cutover -n "__fish_cutover_using_subcommand permissions" -l for -d 'What is to be run' -r -f -a "check\t'Reading: check, facts, explain-mfa of a requirement'
plan\t'Planning, which looks at the same and writes nothing either'
apply\t'Carrying a plan out: what its steps may write as well'
upgrade\t'The upgrade: what carrying a plan out needs, and what the installation takes beside it'"
complete -c cutover -n "__fish_cutover_using_subcommand permissions" -l as -d 'Who signs in [default: by the configured way to sign in, else an application]' -r -f -a "application\t'An application by itself'
person\t'A person'"
complete -c cutover -n "__fish_cutover_using_subcommand permissions" -l only -d 'Only these requirements, such as W301' -r
complete -c cutover -n "__fish_cutover_using_subcommand permissions" -l skip -d 'All requirements but these' -r
complete -c cutover -n "__fish_cutover_using_subcommand permissions" -s o -l output -d 'What is written to standard output' -r -f -a "table\t'For a person'
json\t'For a program, with a published schema'
manifest\t'The part of an app manifest that asks for the permissions, for each application'"
complete -c cutover -n "__fish_cutover_using_subcommand permissions" -s c -l config -d 'Configuration file [default: cutover.toml]' -r -F
complete -c cutover -n "__fish_cutover_using_subcommand permissions" -l world -d 'Use the built-in emulator with this world instead of a tenant; `cutover emulator --list` names them' -r
complete -c cutover -n "__fish_cutover_using_subcommand permissions" -l state -d 'Folder for attestations, the journal of runs and, with --world, for the world\'s state and clock [default: a folder of its own]' -r -F
complete -c cutover -n "__fish_cutover_using_subcommand permissions" -l sign-in -d 'Sign in to the Dynamics tenant this way instead of that of the configuration' -r -f -a "browser\t'A person, in the browser of this machine'
device-code\t'A person, by a code that is typed on any device'
client-secret\t'An application, by a secret'
client-certificate\t'An application, by a certificate'
workload-identity\t'An application, by the token of another issuer'
managed-identity\t'The managed identity of a machine or service of Azure'
azure-cli\t'Whoever is signed in to the Azure CLI'"
complete -c cutover -n "__fish_cutover_using_subcommand permissions" -l trust-connection -d 'Use what this machine is signed in to (azure-cli, managed-identity, a kept sign-in) though [connection] leads elsewhere'
complete -c cutover -n "__fish_cutover_using_subcommand permissions" -l non-interactive -d 'Ask nobody anything: neither to sign in nor for an answer'
complete -c cutover -n "__fish_cutover_using_subcommand permissions" -l plain -d 'Only ASCII, no colour'
complete -c cutover -n "__fish_cutover_using_subcommand permissions" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c cutover -n "__fish_cutover_using_subcommand permissions" -s V -l version -d 'Print version'
complete -c cutover -n "__fish_cutover_using_subcommand init" -l tenant -d 'Id or verified domain of the Dynamics tenant' -r
complete -c cutover -n "__fish_cutover_using_subcommand init" -l client-id -d 'Id of the application that signs in' -r
complete -c cutover -n "__fish_cutover_using_subcommand init" -l environment -d 'Address of the environment; looked for when it is left out' -r
complete -c cutover -n "__fish_cutover_using_subcommand init" -l tier -d '1 for direct-bill partners, 2 for partners behind an indirect provider' -r
complete -c cutover -n "__fish_cutover_using_subcommand init" -l region -d 'Data centre of Work 365: us or eu' -r
complete -c cutover -n "__fish_cutover_using_subcommand init" -l borrower -d 'The person who acts as Global Administrator' -r
complete -c cutover -n "__fish_cutover_using_subcommand init" -l service-account -d 'The account that Work 365 runs as' -r
complete -c cutover -n "__fish_cutover_using_subcommand init" -l integration-account -d 'The account that Work 365 works as in Partner Center' -r
complete -c cutover -n "__fish_cutover_using_subcommand init" -l connection -d 'Take the table [connection] from this file, such as what `cutover emulator` prints' -r -F
complete -c cutover -n "__fish_cutover_using_subcommand init" -s c -l config -d 'Configuration file [default: cutover.toml]' -r -F
complete -c cutover -n "__fish_cutover_using_subcommand init" -l world -d 'Use the built-in emulator with this world instead of a tenant; `cutover emulator --list` names them' -r
complete -c cutover -n "__fish_cutover_using_subcommand init" -l state -d 'Folder for attestations, the journal of runs and, with --world, for the world\'s state and clock [default: a folder of its own]' -r -F
complete -c cutover -n "__fish_cutover_using_subcommand init" -l sign-in -d 'Sign in to the Dynamics tenant this way instead of that of the configuration' -r -f -a "browser\t'A person, in the browser of this machine'
device-code\t'A person, by a code that is typed on any device'
client-secret\t'An application, by a secret'
client-certificate\t'An application, by a certificate'
workload-identity\t'An application, by the token of another issuer'
managed-identity\t'The managed identity of a machine or service of Azure'
azure-cli\t'Whoever is signed in to the Azure CLI'"
complete -c cutover -n "__fish_cutover_using_subcommand init" -l application-user -d 'Work 365 runs as its application user'
complete -c cutover -n "__fish_cutover_using_subcommand init" -l force -d 'Write over a file that is there'
complete -c cutover -n "__fish_cutover_using_subcommand init" -l offline -d 'Sign in nowhere and look for nothing'
complete -c cutover -n "__fish_cutover_using_subcommand init" -l trust-connection -d 'Use what this machine is signed in to (azure-cli, managed-identity, a kept sign-in) though [connection] leads elsewhere'
complete -c cutover -n "__fish_cutover_using_subcommand init" -l non-interactive -d 'Ask nobody anything: neither to sign in nor for an answer'
complete -c cutover -n "__fish_cutover_using_subcommand init" -l plain -d 'Only ASCII, no colour'
complete -c cutover -n "__fish_cutover_using_subcommand init" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c cutover -n "__fish_cutover_using_subcommand init" -s V -l version -d 'Print version'
complete -c cutover -n "__fish_cutover_using_subcommand login" -s c -l config -d 'Configuration file [default: cutover.toml]' -r -F
complete -c cutover -n "__fish_cutover_using_subcommand login" -l world -d 'Use the built-in emulator with this world instead of a tenant; `cutover emulator --list` names them' -r
complete -c cutover -n "__fish_cutover_using_subcommand login" -l state -d 'Folder for attestations, the journal of runs and, with --world, for the world\'s state and clock [default: a folder of its own]' -r -F
complete -c cutover -n "__fish_cutover_using_subcommand login" -l sign-in -d 'Sign in to the Dynamics tenant this way instead of that of the configuration' -r -f -a "browser\t'A person, in the browser of this machine'
device-code\t'A person, by a code that is typed on any device'
client-secret\t'An application, by a secret'
client-certificate\t'An application, by a certificate'
workload-identity\t'An application, by the token of another issuer'
managed-identity\t'The managed identity of a machine or service of Azure'
azure-cli\t'Whoever is signed in to the Azure CLI'"
complete -c cutover -n "__fish_cutover_using_subcommand login" -l trust-connection -d 'Use what this machine is signed in to (azure-cli, managed-identity, a kept sign-in) though [connection] leads elsewhere'
complete -c cutover -n "__fish_cutover_using_subcommand login" -l non-interactive -d 'Ask nobody anything: neither to sign in nor for an answer'
complete -c cutover -n "__fish_cutover_using_subcommand login" -l plain -d 'Only ASCII, no colour'
complete -c cutover -n "__fish_cutover_using_subcommand login" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c cutover -n "__fish_cutover_using_subcommand login" -s V -l version -d 'Print version'
complete -c cutover -n "__fish_cutover_using_subcommand logout" -s c -l config -d 'Configuration file [default: cutover.toml]' -r -F
complete -c cutover -n "__fish_cutover_using_subcommand logout" -l world -d 'Use the built-in emulator with this world instead of a tenant; `cutover emulator --list` names them' -r
complete -c cutover -n "__fish_cutover_using_subcommand logout" -l state -d 'Folder for attestations, the journal of runs and, with --world, for the world\'s state and clock [default: a folder of its own]' -r -F
complete -c cutover -n "__fish_cutover_using_subcommand logout" -l sign-in -d 'Sign in to the Dynamics tenant this way instead of that of the configuration' -r -f -a "browser\t'A person, in the browser of this machine'
device-code\t'A person, by a code that is typed on any device'
client-secret\t'An application, by a secret'
client-certificate\t'An application, by a certificate'
workload-identity\t'An application, by the token of another issuer'
managed-identity\t'The managed identity of a machine or service of Azure'
azure-cli\t'Whoever is signed in to the Azure CLI'"
complete -c cutover -n "__fish_cutover_using_subcommand logout" -l trust-connection -d 'Use what this machine is signed in to (azure-cli, managed-identity, a kept sign-in) though [connection] leads elsewhere'
complete -c cutover -n "__fish_cutover_using_subcommand logout" -l non-interactive -d 'Ask nobody anything: neither to sign in nor for an answer'
complete -c cutover -n "__fish_cutover_using_subcommand logout" -l plain -d 'Only ASCII, no colour'
complete -c cutover -n "__fish_cutover_using_subcommand logout" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c cutover -n "__fish_cutover_using_subcommand logout" -s V -l version -d 'Print version'
complete -c cutover -n "__fish_cutover_using_subcommand whoami" -s c -l config -d 'Configuration file [default: cutover.toml]' -r -F
complete -c cutover -n "__fish_cutover_using_subcommand whoami" -l world -d 'Use the built-in emulator with this world instead of a tenant; `cutover emulator --list` names them' -r
complete -c cutover -n "__fish_cutover_using_subcommand whoami" -l state -d 'Folder for attestations, the journal of runs and, with --world, for the world\'s state and clock [default: a folder of its own]' -r -F
complete -c cutover -n "__fish_cutover_using_subcommand whoami" -l sign-in -d 'Sign in to the Dynamics tenant this way instead of that of the configuration' -r -f -a "browser\t'A person, in the browser of this machine'
device-code\t'A person, by a code that is typed on any device'
client-secret\t'An application, by a secret'
client-certificate\t'An application, by a certificate'
workload-identity\t'An application, by the token of another issuer'
managed-identity\t'The managed identity of a machine or service of Azure'
azure-cli\t'Whoever is signed in to the Azure CLI'"
complete -c cutover -n "__fish_cutover_using_subcommand whoami" -l trust-connection -d 'Use what this machine is signed in to (azure-cli, managed-identity, a kept sign-in) though [connection] leads elsewhere'
complete -c cutover -n "__fish_cutover_using_subcommand whoami" -l non-interactive -d 'Ask nobody anything: neither to sign in nor for an answer'
complete -c cutover -n "__fish_cutover_using_subcommand whoami" -l plain -d 'Only ASCII, no colour'
complete -c cutover -n "__fish_cutover_using_subcommand whoami" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c cutover -n "__fish_cutover_using_subcommand whoami" -s V -l version -d 'Print version'
complete -c cutover -n "__fish_cutover_using_subcommand demo" -s c -l config -d 'Configuration file [default: cutover.toml]' -r -F
complete -c cutover -n "__fish_cutover_using_subcommand demo" -l world -d 'Use the built-in emulator with this world instead of a tenant; `cutover emulator --list` names them' -r
complete -c cutover -n "__fish_cutover_using_subcommand demo" -l state -d 'Folder for attestations, the journal of runs and, with --world, for the world\'s state and clock [default: a folder of its own]' -r -F
complete -c cutover -n "__fish_cutover_using_subcommand demo" -l sign-in -d 'Sign in to the Dynamics tenant this way instead of that of the configuration' -r -f -a "browser\t'A person, in the browser of this machine'
device-code\t'A person, by a code that is typed on any device'
client-secret\t'An application, by a secret'
client-certificate\t'An application, by a certificate'
workload-identity\t'An application, by the token of another issuer'
managed-identity\t'The managed identity of a machine or service of Azure'
azure-cli\t'Whoever is signed in to the Azure CLI'"
complete -c cutover -n "__fish_cutover_using_subcommand demo" -l trust-connection -d 'Use what this machine is signed in to (azure-cli, managed-identity, a kept sign-in) though [connection] leads elsewhere'
complete -c cutover -n "__fish_cutover_using_subcommand demo" -l non-interactive -d 'Ask nobody anything: neither to sign in nor for an answer'
complete -c cutover -n "__fish_cutover_using_subcommand demo" -l plain -d 'Only ASCII, no colour'
complete -c cutover -n "__fish_cutover_using_subcommand demo" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c cutover -n "__fish_cutover_using_subcommand demo" -s V -l version -d 'Print version'
complete -c cutover -n "__fish_cutover_using_subcommand emulator" -l port -d 'Port on 127.0.0.1; 0 takes a free one' -r
complete -c cutover -n "__fish_cutover_using_subcommand emulator" -l ca-file -d 'Where to write the authority\'s certificate, for clients to trust; else `ca.pem` in the state folder' -r -F
complete -c cutover -n "__fish_cutover_using_subcommand emulator" -l world-file -d 'A world of your own instead of a built-in one' -r -F
complete -c cutover -n "__fish_cutover_using_subcommand emulator" -l from-facts -d 'A world that looks like the tenant which `cutover facts` looked at' -r -F
complete -c cutover -n "__fish_cutover_using_subcommand emulator" -l save-world -d 'Write the world made from facts to a file, for `--world-file`, and end' -r -F
complete -c cutover -n "__fish_cutover_using_subcommand emulator" -s c -l config -d 'Configuration file [default: cutover.toml]' -r -F
complete -c cutover -n "__fish_cutover_using_subcommand emulator" -l world -d 'Use the built-in emulator with this world instead of a tenant; `cutover emulator --list` names them' -r
complete -c cutover -n "__fish_cutover_using_subcommand emulator" -l state -d 'Folder for attestations, the journal of runs and, with --world, for the world\'s state and clock [default: a folder of its own]' -r -F
complete -c cutover -n "__fish_cutover_using_subcommand emulator" -l sign-in -d 'Sign in to the Dynamics tenant this way instead of that of the configuration' -r -f -a "browser\t'A person, in the browser of this machine'
device-code\t'A person, by a code that is typed on any device'
client-secret\t'An application, by a secret'
client-certificate\t'An application, by a certificate'
workload-identity\t'An application, by the token of another issuer'
managed-identity\t'The managed identity of a machine or service of Azure'
azure-cli\t'Whoever is signed in to the Azure CLI'"
complete -c cutover -n "__fish_cutover_using_subcommand emulator" -l list -d 'List the built-in worlds and end'
complete -c cutover -n "__fish_cutover_using_subcommand emulator" -l standing-clock -d 'Let the clock stand at the world\'s time instead of running from now'
complete -c cutover -n "__fish_cutover_using_subcommand emulator" -l https -d 'Speak TLS, with a certificate authority of the emulator\'s own'
complete -c cutover -n "__fish_cutover_using_subcommand emulator" -l keep-ca -d 'Keep the authority in the state folder, so that clients need to be told only once'
complete -c cutover -n "__fish_cutover_using_subcommand emulator" -l trust-connection -d 'Use what this machine is signed in to (azure-cli, managed-identity, a kept sign-in) though [connection] leads elsewhere'
complete -c cutover -n "__fish_cutover_using_subcommand emulator" -l non-interactive -d 'Ask nobody anything: neither to sign in nor for an answer'
complete -c cutover -n "__fish_cutover_using_subcommand emulator" -l plain -d 'Only ASCII, no colour'
complete -c cutover -n "__fish_cutover_using_subcommand emulator" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c cutover -n "__fish_cutover_using_subcommand emulator" -s V -l version -d 'Print version'
complete -c cutover -n "__fish_cutover_using_subcommand help; and not __fish_seen_subcommand_from check explain explain-mfa attest facts plan apply upgrade resume leases give-back abort runs report verify-bundle judge diff doctor permissions init login logout whoami demo emulator help" -f -a "check" -d 'Read-only: could the upgrade start now? Every requirement, verdict, evidence and fix'
complete -c cutover -n "__fish_cutover_using_subcommand help; and not __fish_seen_subcommand_from check explain explain-mfa attest facts plan apply upgrade resume leases give-back abort runs report verify-bundle judge diff doctor permissions init login logout whoami demo emulator help" -f -a "explain" -d 'The manual page of a requirement: why, evidence, fix by hand, permissions, source'
complete -c cutover -n "__fish_cutover_using_subcommand help; and not __fish_seen_subcommand_from check explain explain-mfa attest facts plan apply upgrade resume leases give-back abort runs report verify-bundle judge diff doctor permissions init login logout whoami demo emulator help" -f -a "explain-mfa" -d 'Why MFA is demanded of an account, or not: every policy, what it demands, and which sign-ins slip through'
complete -c cutover -n "__fish_cutover_using_subcommand help; and not __fish_seen_subcommand_from check explain explain-mfa attest facts plan apply upgrade resume leases give-back abort runs report verify-bundle judge diff doctor permissions init login logout whoami demo emulator help" -f -a "attest" -d 'Record what a person saw, where no API can show it'
complete -c cutover -n "__fish_cutover_using_subcommand help; and not __fish_seen_subcommand_from check explain explain-mfa attest facts plan apply upgrade resume leases give-back abort runs report verify-bundle judge diff doctor permissions init login logout whoami demo emulator help" -f -a "facts" -d 'Store what was seen in the tenant, to judge it again later with `cutover judge`'
complete -c cutover -n "__fish_cutover_using_subcommand help; and not __fish_seen_subcommand_from check explain explain-mfa attest facts plan apply upgrade resume leases give-back abort runs report verify-bundle judge diff doctor permissions init login logout whoami demo emulator help" -f -a "plan" -d 'What would be changed, lent and returned, and what is left to people; nothing is written to the tenant'
complete -c cutover -n "__fish_cutover_using_subcommand help; and not __fish_seen_subcommand_from check explain explain-mfa attest facts plan apply upgrade resume leases give-back abort runs report verify-bundle judge diff doctor permissions init login logout whoami demo emulator help" -f -a "apply" -d 'Carry out exactly what a plan says; what it lends comes back, whatever happens'
complete -c cutover -n "__fish_cutover_using_subcommand help; and not __fish_seen_subcommand_from check explain explain-mfa attest facts plan apply upgrade resume leases give-back abort runs report verify-bundle judge diff doctor permissions init login logout whoami demo emulator help" -f -a "upgrade" -d 'Upgrade: everything from the freeze to the proof, after one confirmation that shows the whole way'
complete -c cutover -n "__fish_cutover_using_subcommand help; and not __fish_seen_subcommand_from check explain explain-mfa attest facts plan apply upgrade resume leases give-back abort runs report verify-bundle judge diff doctor permissions init login logout whoami demo emulator help" -f -a "resume" -d 'Go on with a run that was interrupted: settle what is in doubt, do what is left, bring back what is lent'
complete -c cutover -n "__fish_cutover_using_subcommand help; and not __fish_seen_subcommand_from check explain explain-mfa attest facts plan apply upgrade resume leases give-back abort runs report verify-bundle judge diff doctor permissions init login logout whoami demo emulator help" -f -a "leases" -d 'What is out on loan now, in every run on this machine; asks nobody'
complete -c cutover -n "__fish_cutover_using_subcommand help; and not __fish_seen_subcommand_from check explain explain-mfa attest facts plan apply upgrade resume leases give-back abort runs report verify-bundle judge diff doctor permissions init login logout whoami demo emulator help" -f -a "give-back" -d 'End a run: no new work, everything that is lent comes back'
complete -c cutover -n "__fish_cutover_using_subcommand help; and not __fish_seen_subcommand_from check explain explain-mfa attest facts plan apply upgrade resume leases give-back abort runs report verify-bundle judge diff doctor permissions init login logout whoami demo emulator help" -f -a "abort" -d 'Stop a run: no new work, what is lent comes back, and what stays in the tenant is said'
complete -c cutover -n "__fish_cutover_using_subcommand help; and not __fish_seen_subcommand_from check explain explain-mfa attest facts plan apply upgrade resume leases give-back abort runs report verify-bundle judge diff doctor permissions init login logout whoami demo emulator help" -f -a "runs" -d 'What was carried out on this machine: when, what came of it, what is out; asks nobody'
complete -c cutover -n "__fish_cutover_using_subcommand help; and not __fish_seen_subcommand_from check explain explain-mfa attest facts plan apply upgrade resume leases give-back abort runs report verify-bundle judge diff doctor permissions init login logout whoami demo emulator help" -f -a "report" -d 'What an auditor reads of a run or a check: HTML, Markdown, JSON, or a bundle of all evidence; asks nobody'
complete -c cutover -n "__fish_cutover_using_subcommand help; and not __fish_seen_subcommand_from check explain explain-mfa attest facts plan apply upgrade resume leases give-back abort runs report verify-bundle judge diff doctor permissions init login logout whoami demo emulator help" -f -a "verify-bundle" -d 'Is an evidence bundle what was written? Every change is named; asks nobody, and unpacks nothing'
complete -c cutover -n "__fish_cutover_using_subcommand help; and not __fish_seen_subcommand_from check explain explain-mfa attest facts plan apply upgrade resume leases give-back abort runs report verify-bundle judge diff doctor permissions init login logout whoami demo emulator help" -f -a "judge" -d 'Judge stored facts again, without any network'
complete -c cutover -n "__fish_cutover_using_subcommand help; and not __fish_seen_subcommand_from check explain explain-mfa attest facts plan apply upgrade resume leases give-back abort runs report verify-bundle judge diff doctor permissions init login logout whoami demo emulator help" -f -a "diff" -d 'Tell what changed between two looks: verdicts first, then facts'
complete -c cutover -n "__fish_cutover_using_subcommand help; and not __fish_seen_subcommand_from check explain explain-mfa attest facts plan apply upgrade resume leases give-back abort runs report verify-bundle judge diff doctor permissions init login logout whoami demo emulator help" -f -a "doctor" -d 'Tell what keeps cutover itself from working here: configuration, folders, credentials, network, sign-in'
complete -c cutover -n "__fish_cutover_using_subcommand help; and not __fish_seen_subcommand_from check explain explain-mfa attest facts plan apply upgrade resume leases give-back abort runs report verify-bundle judge diff doctor permissions init login logout whoami demo emulator help" -f -a "permissions" -d 'The least permissions for what you will run, why each is needed, an app manifest and a consent link; offline'
complete -c cutover -n "__fish_cutover_using_subcommand help; and not __fish_seen_subcommand_from check explain explain-mfa attest facts plan apply upgrade resume leases give-back abort runs report verify-bundle judge diff doctor permissions init login logout whoami demo emulator help" -f -a "init" -d 'Write a configuration by flags or by asking; finds the environments and what is installed'
complete -c cutover -n "__fish_cutover_using_subcommand help; and not __fish_seen_subcommand_from check explain explain-mfa attest facts plan apply upgrade resume leases give-back abort runs report verify-bundle judge diff doctor permissions init login logout whoami demo emulator help" -f -a "login" -d 'Sign in to the Dynamics tenant and, when there is one, the partner tenant, and show who it is'
complete -c cutover -n "__fish_cutover_using_subcommand help; and not __fish_seen_subcommand_from check explain explain-mfa attest facts plan apply upgrade resume leases give-back abort runs report verify-bundle judge diff doctor permissions init login logout whoami demo emulator help" -f -a "logout" -d 'Forget the sign-ins that `cutover login` kept for this configuration'
complete -c cutover -n "__fish_cutover_using_subcommand help; and not __fish_seen_subcommand_from check explain explain-mfa attest facts plan apply upgrade resume leases give-back abort runs report verify-bundle judge diff doctor permissions init login logout whoami demo emulator help" -f -a "whoami" -d 'Who is signed in to each tenant, how, and what that allows'
complete -c cutover -n "__fish_cutover_using_subcommand help; and not __fish_seen_subcommand_from check explain explain-mfa attest facts plan apply upgrade resume leases give-back abort runs report verify-bundle judge diff doctor permissions init login logout whoami demo emulator help" -f -a "demo" -d 'The whole arc on the built-in emulator, from check to a verified bundle of evidence: nothing to configure, no tenant involved'
complete -c cutover -n "__fish_cutover_using_subcommand help; and not __fish_seen_subcommand_from check explain explain-mfa attest facts plan apply upgrade resume leases give-back abort runs report verify-bundle judge diff doctor permissions init login logout whoami demo emulator help" -f -a "emulator" -d 'An offline double of Entra, Graph, Dataverse, Power Platform and Partner Center, on this machine'
complete -c cutover -n "__fish_cutover_using_subcommand help; and not __fish_seen_subcommand_from check explain explain-mfa attest facts plan apply upgrade resume leases give-back abort runs report verify-bundle judge diff doctor permissions init login logout whoami demo emulator help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c cutover -n "__fish_cutover_using_subcommand help; and __fish_seen_subcommand_from leases" -f -a "renew" -d 'Let a loan stay out longer; the decision and who took it are kept'
complete -c cutover -n "__fish_cutover_using_subcommand help; and __fish_seen_subcommand_from runs" -f -a "show" -d 'What happened in a run: its steps and loans, how long each took, and the keys that its requests were sent with'
