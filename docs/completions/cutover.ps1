
using namespace System.Management.Automation
using namespace System.Management.Automation.Language

Register-ArgumentCompleter -Native -CommandName 'cutover' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    $commandElements = $commandAst.CommandElements
    $command = @(
        'cutover'
        for ($i = 1; $i -lt $commandElements.Count; $i++) {
            $element = $commandElements[$i]
            if ($element -isnot [StringConstantExpressionAst] -or
                $element.StringConstantType -ne [StringConstantType]::BareWord -or
                $element.Value.StartsWith('-') -or
                $element.Value -eq $wordToComplete) {
                break
        }
        $element.Value
    }) -join ';'

    $completions = @(switch ($command) {
        'cutover' {
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Configuration file [default: cutover.toml]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: cutover.toml]')
            [CompletionResult]::new('--world', '--world', [CompletionResultType]::ParameterName, 'Use the built-in emulator with this world instead of a tenant; `cutover emulator --list` names them')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Folder for attestations, the journal of runs and, with --world, for the world''s state and clock [default: a folder of its own]')
            [CompletionResult]::new('--sign-in', '--sign-in', [CompletionResultType]::ParameterName, 'Sign in to the Dynamics tenant this way instead of that of the configuration')
            [CompletionResult]::new('--trust-connection', '--trust-connection', [CompletionResultType]::ParameterName, 'Use what this machine is signed in to (azure-cli, managed-identity, a kept sign-in) though [connection] leads elsewhere')
            [CompletionResult]::new('--non-interactive', '--non-interactive', [CompletionResultType]::ParameterName, 'Ask nobody anything: neither to sign in nor for an answer')
            [CompletionResult]::new('--plain', '--plain', [CompletionResultType]::ParameterName, 'Only ASCII, no colour')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Read-only: could the upgrade start now? Every requirement, verdict, evidence and fix')
            [CompletionResult]::new('explain', 'explain', [CompletionResultType]::ParameterValue, 'The manual page of a requirement: why, evidence, fix by hand, permissions, source')
            [CompletionResult]::new('explain-mfa', 'explain-mfa', [CompletionResultType]::ParameterValue, 'Why MFA is demanded of an account, or not: every policy, what it demands, and which sign-ins slip through')
            [CompletionResult]::new('attest', 'attest', [CompletionResultType]::ParameterValue, 'Record what a person saw, where no API can show it')
            [CompletionResult]::new('facts', 'facts', [CompletionResultType]::ParameterValue, 'Store what was seen in the tenant, to judge it again later with `cutover judge`')
            [CompletionResult]::new('plan', 'plan', [CompletionResultType]::ParameterValue, 'What would be changed, lent and returned, and what is left to people; nothing is written to the tenant')
            [CompletionResult]::new('apply', 'apply', [CompletionResultType]::ParameterValue, 'Carry out exactly what a plan says; what it lends comes back, whatever happens')
            [CompletionResult]::new('upgrade', 'upgrade', [CompletionResultType]::ParameterValue, 'Upgrade: everything from the freeze to the proof, after one confirmation that shows the whole way')
            [CompletionResult]::new('resume', 'resume', [CompletionResultType]::ParameterValue, 'Go on with a run that was interrupted: settle what is in doubt, do what is left, bring back what is lent')
            [CompletionResult]::new('leases', 'leases', [CompletionResultType]::ParameterValue, 'What is out on loan now, in every run on this machine; asks nobody')
            [CompletionResult]::new('give-back', 'give-back', [CompletionResultType]::ParameterValue, 'End a run: no new work, everything that is lent comes back')
            [CompletionResult]::new('abort', 'abort', [CompletionResultType]::ParameterValue, 'Stop a run: no new work, what is lent comes back, and what stays in the tenant is said')
            [CompletionResult]::new('runs', 'runs', [CompletionResultType]::ParameterValue, 'What was carried out on this machine: when, what came of it, what is out; asks nobody')
            [CompletionResult]::new('report', 'report', [CompletionResultType]::ParameterValue, 'What an auditor reads of a run or a check: HTML, Markdown, JSON, or a bundle of all evidence; asks nobody')
            [CompletionResult]::new('verify-bundle', 'verify-bundle', [CompletionResultType]::ParameterValue, 'Is an evidence bundle what was written? Every change is named; asks nobody, and unpacks nothing')
            [CompletionResult]::new('judge', 'judge', [CompletionResultType]::ParameterValue, 'Judge stored facts again, without any network')
            [CompletionResult]::new('diff', 'diff', [CompletionResultType]::ParameterValue, 'Tell what changed between two looks: verdicts first, then facts')
            [CompletionResult]::new('doctor', 'doctor', [CompletionResultType]::ParameterValue, 'Tell what keeps cutover itself from working here: configuration, folders, credentials, network, sign-in')
            [CompletionResult]::new('permissions', 'permissions', [CompletionResultType]::ParameterValue, 'The least permissions for what you will run, why each is needed, an app manifest and a consent link; offline')
            [CompletionResult]::new('init', 'init', [CompletionResultType]::ParameterValue, 'Write a configuration by flags or by asking; finds the environments and what is installed')
            [CompletionResult]::new('login', 'login', [CompletionResultType]::ParameterValue, 'Sign in to the Dynamics tenant and, when there is one, the partner tenant, and show who it is')
            [CompletionResult]::new('logout', 'logout', [CompletionResultType]::ParameterValue, 'Forget the sign-ins that `cutover login` kept for this configuration')
            [CompletionResult]::new('whoami', 'whoami', [CompletionResultType]::ParameterValue, 'Who is signed in to each tenant, how, and what that allows')
            [CompletionResult]::new('demo', 'demo', [CompletionResultType]::ParameterValue, 'The whole arc on the built-in emulator, from check to a verified bundle of evidence: nothing to configure, no tenant involved')
            [CompletionResult]::new('emulator', 'emulator', [CompletionResultType]::ParameterValue, 'An offline double of Entra, Graph, Dataverse, Power Platform and Partner Center, on this machine')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'cutover;check' {
            [CompletionResult]::new('--only', '--only', [CompletionResultType]::ParameterName, 'Only these requirements, such as W301')
            [CompletionResult]::new('--skip', '--skip', [CompletionResultType]::ParameterName, 'All requirements but these')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'What is written to standard output')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'What is written to standard output')
            [CompletionResult]::new('--wait', '--wait', [CompletionResultType]::ParameterName, 'Check again until ready, for at most this long, such as 15m')
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Configuration file [default: cutover.toml]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: cutover.toml]')
            [CompletionResult]::new('--world', '--world', [CompletionResultType]::ParameterName, 'Use the built-in emulator with this world instead of a tenant; `cutover emulator --list` names them')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Folder for attestations, the journal of runs and, with --world, for the world''s state and clock [default: a folder of its own]')
            [CompletionResult]::new('--sign-in', '--sign-in', [CompletionResultType]::ParameterName, 'Sign in to the Dynamics tenant this way instead of that of the configuration')
            [CompletionResult]::new('--strict-warnings', '--strict-warnings', [CompletionResultType]::ParameterName, 'Exit with 6 when ready with warnings')
            [CompletionResult]::new('--trust-connection', '--trust-connection', [CompletionResultType]::ParameterName, 'Use what this machine is signed in to (azure-cli, managed-identity, a kept sign-in) though [connection] leads elsewhere')
            [CompletionResult]::new('--non-interactive', '--non-interactive', [CompletionResultType]::ParameterName, 'Ask nobody anything: neither to sign in nor for an answer')
            [CompletionResult]::new('--plain', '--plain', [CompletionResultType]::ParameterName, 'Only ASCII, no colour')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'cutover;explain' {
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Configuration file [default: cutover.toml]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: cutover.toml]')
            [CompletionResult]::new('--world', '--world', [CompletionResultType]::ParameterName, 'Use the built-in emulator with this world instead of a tenant; `cutover emulator --list` names them')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Folder for attestations, the journal of runs and, with --world, for the world''s state and clock [default: a folder of its own]')
            [CompletionResult]::new('--sign-in', '--sign-in', [CompletionResultType]::ParameterName, 'Sign in to the Dynamics tenant this way instead of that of the configuration')
            [CompletionResult]::new('--trust-connection', '--trust-connection', [CompletionResultType]::ParameterName, 'Use what this machine is signed in to (azure-cli, managed-identity, a kept sign-in) though [connection] leads elsewhere')
            [CompletionResult]::new('--non-interactive', '--non-interactive', [CompletionResultType]::ParameterName, 'Ask nobody anything: neither to sign in nor for an answer')
            [CompletionResult]::new('--plain', '--plain', [CompletionResultType]::ParameterName, 'Only ASCII, no colour')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'cutover;explain-mfa' {
            [CompletionResult]::new('-u', '-u', [CompletionResultType]::ParameterName, 'The account, by user principal name')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'The account, by user principal name')
            [CompletionResult]::new('-a', '-a', [CompletionResultType]::ParameterName, 'What it signs in to: dataverse, partner-center, or an application id')
            [CompletionResult]::new('--app', '--app', [CompletionResultType]::ParameterName, 'What it signs in to: dataverse, partner-center, or an application id')
            [CompletionResult]::new('--facts', '--facts', [CompletionResultType]::ParameterName, 'Explain from stored facts, without any network')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'What is written to standard output')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'What is written to standard output')
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Configuration file [default: cutover.toml]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: cutover.toml]')
            [CompletionResult]::new('--world', '--world', [CompletionResultType]::ParameterName, 'Use the built-in emulator with this world instead of a tenant; `cutover emulator --list` names them')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Folder for attestations, the journal of runs and, with --world, for the world''s state and clock [default: a folder of its own]')
            [CompletionResult]::new('--sign-in', '--sign-in', [CompletionResultType]::ParameterName, 'Sign in to the Dynamics tenant this way instead of that of the configuration')
            [CompletionResult]::new('--trust-connection', '--trust-connection', [CompletionResultType]::ParameterName, 'Use what this machine is signed in to (azure-cli, managed-identity, a kept sign-in) though [connection] leads elsewhere')
            [CompletionResult]::new('--non-interactive', '--non-interactive', [CompletionResultType]::ParameterName, 'Ask nobody anything: neither to sign in nor for an answer')
            [CompletionResult]::new('--plain', '--plain', [CompletionResultType]::ParameterName, 'Only ASCII, no colour')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'cutover;attest' {
            [CompletionResult]::new('--by', '--by', [CompletionResultType]::ParameterName, 'Who saw it: a name or address')
            [CompletionResult]::new('--seen', '--seen', [CompletionResultType]::ParameterName, 'What was seen, in their words')
            [CompletionResult]::new('--for-version', '--for-version', [CompletionResultType]::ParameterName, 'The Work 365 version it was seen on [default: the installed one]')
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Configuration file [default: cutover.toml]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: cutover.toml]')
            [CompletionResult]::new('--world', '--world', [CompletionResultType]::ParameterName, 'Use the built-in emulator with this world instead of a tenant; `cutover emulator --list` names them')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Folder for attestations, the journal of runs and, with --world, for the world''s state and clock [default: a folder of its own]')
            [CompletionResult]::new('--sign-in', '--sign-in', [CompletionResultType]::ParameterName, 'Sign in to the Dynamics tenant this way instead of that of the configuration')
            [CompletionResult]::new('--trust-connection', '--trust-connection', [CompletionResultType]::ParameterName, 'Use what this machine is signed in to (azure-cli, managed-identity, a kept sign-in) though [connection] leads elsewhere')
            [CompletionResult]::new('--non-interactive', '--non-interactive', [CompletionResultType]::ParameterName, 'Ask nobody anything: neither to sign in nor for an answer')
            [CompletionResult]::new('--plain', '--plain', [CompletionResultType]::ParameterName, 'Only ASCII, no colour')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'cutover;facts' {
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Where to; `-` is standard output')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Where to; `-` is standard output')
            [CompletionResult]::new('--from', '--from', [CompletionResultType]::ParameterName, 'Redact this stored file instead of looking at the tenant')
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Configuration file [default: cutover.toml]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: cutover.toml]')
            [CompletionResult]::new('--world', '--world', [CompletionResultType]::ParameterName, 'Use the built-in emulator with this world instead of a tenant; `cutover emulator --list` names them')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Folder for attestations, the journal of runs and, with --world, for the world''s state and clock [default: a folder of its own]')
            [CompletionResult]::new('--sign-in', '--sign-in', [CompletionResultType]::ParameterName, 'Sign in to the Dynamics tenant this way instead of that of the configuration')
            [CompletionResult]::new('--redact', '--redact', [CompletionResultType]::ParameterName, 'Replace names, addresses and ids by tokens, so that the file can be passed on')
            [CompletionResult]::new('--trust-connection', '--trust-connection', [CompletionResultType]::ParameterName, 'Use what this machine is signed in to (azure-cli, managed-identity, a kept sign-in) though [connection] leads elsewhere')
            [CompletionResult]::new('--non-interactive', '--non-interactive', [CompletionResultType]::ParameterName, 'Ask nobody anything: neither to sign in nor for an answer')
            [CompletionResult]::new('--plain', '--plain', [CompletionResultType]::ParameterName, 'Only ASCII, no colour')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'cutover;plan' {
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Keep the plan in this file, for `cutover apply`')
            [CompletionResult]::new('--file', '--file', [CompletionResultType]::ParameterName, 'Keep the plan in this file, for `cutover apply`')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'What is written to standard output')
            [CompletionResult]::new('--only', '--only', [CompletionResultType]::ParameterName, 'Only these requirements, such as W301')
            [CompletionResult]::new('--skip', '--skip', [CompletionResultType]::ParameterName, 'All requirements but these')
            [CompletionResult]::new('--mfa', '--mfa', [CompletionResultType]::ParameterName, 'By what MFA is demanded; without it nothing demands it')
            [CompletionResult]::new('--emergency-account', '--emergency-account', [CompletionResultType]::ParameterName, 'An account that a Conditional Access policy leaves out: user principal name or object id; may be repeated')
            [CompletionResult]::new('--sku', '--sku', [CompletionResultType]::ParameterName, 'The licence to assign: SKU part number or id [default: the first free one that does]')
            [CompletionResult]::new('--usage-location', '--usage-location', [CompletionResultType]::ParameterName, 'The country of people who have none, such as NL: no licence can be assigned without it')
            [CompletionResult]::new('--time-zone', '--time-zone', [CompletionResultType]::ParameterName, 'Microsoft''s time zone code for a service account that has none, such as 110')
            [CompletionResult]::new('--role-group', '--role-group', [CompletionResultType]::ParameterName, 'A role-assignable group of Global Administrators, by object id: the role is lent by membership of it')
            [CompletionResult]::new('--loan-limit', '--loan-limit', [CompletionResultType]::ParameterName, 'How long anything is out on loan at most')
            [CompletionResult]::new('--justification', '--justification', [CompletionResultType]::ParameterName, 'Why, in the words that Microsoft''s audit logs will show')
            [CompletionResult]::new('--ticket', '--ticket', [CompletionResultType]::ParameterName, 'Number of the ticket, where PIM asks for one')
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Configuration file [default: cutover.toml]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: cutover.toml]')
            [CompletionResult]::new('--world', '--world', [CompletionResultType]::ParameterName, 'Use the built-in emulator with this world instead of a tenant; `cutover emulator --list` names them')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Folder for attestations, the journal of runs and, with --world, for the world''s state and clock [default: a folder of its own]')
            [CompletionResult]::new('--sign-in', '--sign-in', [CompletionResultType]::ParameterName, 'Sign in to the Dynamics tenant this way instead of that of the configuration')
            [CompletionResult]::new('--probe', '--probe', [CompletionResultType]::ParameterName, 'Also ask PIM whether it would accept what the plan lends by it; that stores nothing, and takes the right that lending it takes')
            [CompletionResult]::new('--lasting-licence', '--lasting-licence', [CompletionResultType]::ParameterName, 'Let the service account have a licence for good')
            [CompletionResult]::new('--trust-connection', '--trust-connection', [CompletionResultType]::ParameterName, 'Use what this machine is signed in to (azure-cli, managed-identity, a kept sign-in) though [connection] leads elsewhere')
            [CompletionResult]::new('--non-interactive', '--non-interactive', [CompletionResultType]::ParameterName, 'Ask nobody anything: neither to sign in nor for an answer')
            [CompletionResult]::new('--plain', '--plain', [CompletionResultType]::ParameterName, 'Only ASCII, no colour')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'cutover;apply' {
            [CompletionResult]::new('--approve-by', '--approve-by', [CompletionResultType]::ParameterName, 'A second person who has to sign in and approve this very plan: user principal name or object id')
            [CompletionResult]::new('--approver-sign-in', '--approver-sign-in', [CompletionResultType]::ParameterName, 'How that person signs in')
            [CompletionResult]::new('--done', '--done', [CompletionResultType]::ParameterName, 'A task of a person that is done, and what was seen; may be repeated')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'What is written to standard output')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'What is written to standard output')
            [CompletionResult]::new('--patience', '--patience', [CompletionResultType]::ParameterName, 'How long refused returns are tried before cutover leaves with something still out, such as 2h')
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Configuration file [default: cutover.toml]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: cutover.toml]')
            [CompletionResult]::new('--world', '--world', [CompletionResultType]::ParameterName, 'Use the built-in emulator with this world instead of a tenant; `cutover emulator --list` names them')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Folder for attestations, the journal of runs and, with --world, for the world''s state and clock [default: a folder of its own]')
            [CompletionResult]::new('--sign-in', '--sign-in', [CompletionResultType]::ParameterName, 'Sign in to the Dynamics tenant this way instead of that of the configuration')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Do not ask whether to begin')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Do not ask whether to begin')
            [CompletionResult]::new('--trust-connection', '--trust-connection', [CompletionResultType]::ParameterName, 'Use what this machine is signed in to (azure-cli, managed-identity, a kept sign-in) though [connection] leads elsewhere')
            [CompletionResult]::new('--non-interactive', '--non-interactive', [CompletionResultType]::ParameterName, 'Ask nobody anything: neither to sign in nor for an answer')
            [CompletionResult]::new('--plain', '--plain', [CompletionResultType]::ParameterName, 'Only ASCII, no colour')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'cutover;upgrade' {
            [CompletionResult]::new('--plan-only', '--plan-only', [CompletionResultType]::ParameterName, 'Keep the plan in this file, and begin nothing')
            [CompletionResult]::new('--drain', '--drain', [CompletionResultType]::ParameterName, 'How long open jobs are waited for at most, such as 2h')
            [CompletionResult]::new('--window-ends', '--window-ends', [CompletionResultType]::ParameterName, 'When the maintenance window ends: 02:00, 2026-12-01T02:00 (by environment.time_zone of the configuration) or 2026-12-01T02:00:00+01:00. Nothing is installed after it')
            [CompletionResult]::new('--left-over', '--left-over', [CompletionResultType]::ParameterName, 'What becomes of an upgrade that somebody began and did not finish')
            [CompletionResult]::new('--mfa', '--mfa', [CompletionResultType]::ParameterName, 'By what MFA is demanded; without it nothing demands it')
            [CompletionResult]::new('--emergency-account', '--emergency-account', [CompletionResultType]::ParameterName, 'An account that a Conditional Access policy leaves out: user principal name or object id; may be repeated')
            [CompletionResult]::new('--sku', '--sku', [CompletionResultType]::ParameterName, 'The licence to assign: SKU part number or id [default: the first free one that does]')
            [CompletionResult]::new('--usage-location', '--usage-location', [CompletionResultType]::ParameterName, 'The country of people who have none, such as NL: no licence can be assigned without it')
            [CompletionResult]::new('--time-zone', '--time-zone', [CompletionResultType]::ParameterName, 'Microsoft''s time zone code for a service account that has none, such as 110')
            [CompletionResult]::new('--role-group', '--role-group', [CompletionResultType]::ParameterName, 'A role-assignable group of Global Administrators, by object id: the role is lent by membership of it')
            [CompletionResult]::new('--loan-limit', '--loan-limit', [CompletionResultType]::ParameterName, 'How long anything is out on loan at most')
            [CompletionResult]::new('--justification', '--justification', [CompletionResultType]::ParameterName, 'Why, in the words that Microsoft''s audit logs will show')
            [CompletionResult]::new('--ticket', '--ticket', [CompletionResultType]::ParameterName, 'Number of the ticket, where PIM asks for one')
            [CompletionResult]::new('--approve-by', '--approve-by', [CompletionResultType]::ParameterName, 'A second person who has to sign in and approve this very plan: user principal name or object id')
            [CompletionResult]::new('--approver-sign-in', '--approver-sign-in', [CompletionResultType]::ParameterName, 'How that person signs in')
            [CompletionResult]::new('--done', '--done', [CompletionResultType]::ParameterName, 'A task of a person that is done, and what was seen; may be repeated')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'What is written to standard output')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'What is written to standard output')
            [CompletionResult]::new('--patience', '--patience', [CompletionResultType]::ParameterName, 'How long refused returns are tried before cutover leaves with something still out, such as 2h')
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Configuration file [default: cutover.toml]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: cutover.toml]')
            [CompletionResult]::new('--world', '--world', [CompletionResultType]::ParameterName, 'Use the built-in emulator with this world instead of a tenant; `cutover emulator --list` names them')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Folder for attestations, the journal of runs and, with --world, for the world''s state and clock [default: a folder of its own]')
            [CompletionResult]::new('--sign-in', '--sign-in', [CompletionResultType]::ParameterName, 'Sign in to the Dynamics tenant this way instead of that of the configuration')
            [CompletionResult]::new('--without-restore-point', '--without-restore-point', [CompletionResultType]::ParameterName, 'Go without a restore point, where none can be made')
            [CompletionResult]::new('--in-two-steps', '--in-two-steps', [CompletionResultType]::ParameterName, 'Import a solution file beside the installed version, then promote it: for platforms before 9.2.21013.00131')
            [CompletionResult]::new('--end-activation', '--end-activation', [CompletionResultType]::ParameterName, 'End what you have activated in PIM first: the upgrade activates the role itself, for as short as can be')
            [CompletionResult]::new('--lasting-licence', '--lasting-licence', [CompletionResultType]::ParameterName, 'Let the service account have a licence for good')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Do not ask whether to begin')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Do not ask whether to begin')
            [CompletionResult]::new('--trust-connection', '--trust-connection', [CompletionResultType]::ParameterName, 'Use what this machine is signed in to (azure-cli, managed-identity, a kept sign-in) though [connection] leads elsewhere')
            [CompletionResult]::new('--non-interactive', '--non-interactive', [CompletionResultType]::ParameterName, 'Ask nobody anything: neither to sign in nor for an answer')
            [CompletionResult]::new('--plain', '--plain', [CompletionResultType]::ParameterName, 'Only ASCII, no colour')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'cutover;resume' {
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'What is written to standard output')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'What is written to standard output')
            [CompletionResult]::new('--patience', '--patience', [CompletionResultType]::ParameterName, 'How long refused returns are tried before cutover leaves with something still out, such as 2h')
            [CompletionResult]::new('--done', '--done', [CompletionResultType]::ParameterName, 'A task of a person that is done, and what was seen; may be repeated')
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Configuration file [default: cutover.toml]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: cutover.toml]')
            [CompletionResult]::new('--world', '--world', [CompletionResultType]::ParameterName, 'Use the built-in emulator with this world instead of a tenant; `cutover emulator --list` names them')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Folder for attestations, the journal of runs and, with --world, for the world''s state and clock [default: a folder of its own]')
            [CompletionResult]::new('--sign-in', '--sign-in', [CompletionResultType]::ParameterName, 'Sign in to the Dynamics tenant this way instead of that of the configuration')
            [CompletionResult]::new('--take-over', '--take-over', [CompletionResultType]::ParameterName, 'Take it over from a process on another machine, which has ended')
            [CompletionResult]::new('--trust-connection', '--trust-connection', [CompletionResultType]::ParameterName, 'Use what this machine is signed in to (azure-cli, managed-identity, a kept sign-in) though [connection] leads elsewhere')
            [CompletionResult]::new('--non-interactive', '--non-interactive', [CompletionResultType]::ParameterName, 'Ask nobody anything: neither to sign in nor for an answer')
            [CompletionResult]::new('--plain', '--plain', [CompletionResultType]::ParameterName, 'Only ASCII, no colour')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'cutover;leases' {
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'What is written to standard output')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'What is written to standard output')
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Configuration file [default: cutover.toml]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: cutover.toml]')
            [CompletionResult]::new('--world', '--world', [CompletionResultType]::ParameterName, 'Use the built-in emulator with this world instead of a tenant; `cutover emulator --list` names them')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Folder for attestations, the journal of runs and, with --world, for the world''s state and clock [default: a folder of its own]')
            [CompletionResult]::new('--sign-in', '--sign-in', [CompletionResultType]::ParameterName, 'Sign in to the Dynamics tenant this way instead of that of the configuration')
            [CompletionResult]::new('--all', '--all', [CompletionResultType]::ParameterName, 'Also the runs that have ended')
            [CompletionResult]::new('--trust-connection', '--trust-connection', [CompletionResultType]::ParameterName, 'Use what this machine is signed in to (azure-cli, managed-identity, a kept sign-in) though [connection] leads elsewhere')
            [CompletionResult]::new('--non-interactive', '--non-interactive', [CompletionResultType]::ParameterName, 'Ask nobody anything: neither to sign in nor for an answer')
            [CompletionResult]::new('--plain', '--plain', [CompletionResultType]::ParameterName, 'Only ASCII, no colour')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('renew', 'renew', [CompletionResultType]::ParameterValue, 'Let a loan stay out longer; the decision and who took it are kept')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'cutover;leases;renew' {
            [CompletionResult]::new('--until', '--until', [CompletionResultType]::ParameterName, 'Until when at most, such as 2026-12-01T18:00:00Z')
            [CompletionResult]::new('--by', '--by', [CompletionResultType]::ParameterName, 'Who decides so: a name or address')
            [CompletionResult]::new('--run', '--run', [CompletionResultType]::ParameterName, 'Of which run [default: the one that has not ended]')
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Configuration file [default: cutover.toml]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: cutover.toml]')
            [CompletionResult]::new('--world', '--world', [CompletionResultType]::ParameterName, 'Use the built-in emulator with this world instead of a tenant; `cutover emulator --list` names them')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Folder for attestations, the journal of runs and, with --world, for the world''s state and clock [default: a folder of its own]')
            [CompletionResult]::new('--sign-in', '--sign-in', [CompletionResultType]::ParameterName, 'Sign in to the Dynamics tenant this way instead of that of the configuration')
            [CompletionResult]::new('--trust-connection', '--trust-connection', [CompletionResultType]::ParameterName, 'Use what this machine is signed in to (azure-cli, managed-identity, a kept sign-in) though [connection] leads elsewhere')
            [CompletionResult]::new('--non-interactive', '--non-interactive', [CompletionResultType]::ParameterName, 'Ask nobody anything: neither to sign in nor for an answer')
            [CompletionResult]::new('--plain', '--plain', [CompletionResultType]::ParameterName, 'Only ASCII, no colour')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'cutover;leases;help' {
            [CompletionResult]::new('renew', 'renew', [CompletionResultType]::ParameterValue, 'Let a loan stay out longer; the decision and who took it are kept')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'cutover;leases;help;renew' {
            break
        }
        'cutover;leases;help;help' {
            break
        }
        'cutover;give-back' {
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'What is written to standard output')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'What is written to standard output')
            [CompletionResult]::new('--patience', '--patience', [CompletionResultType]::ParameterName, 'How long refused returns are tried before cutover leaves with something still out, such as 2h')
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Configuration file [default: cutover.toml]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: cutover.toml]')
            [CompletionResult]::new('--world', '--world', [CompletionResultType]::ParameterName, 'Use the built-in emulator with this world instead of a tenant; `cutover emulator --list` names them')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Folder for attestations, the journal of runs and, with --world, for the world''s state and clock [default: a folder of its own]')
            [CompletionResult]::new('--sign-in', '--sign-in', [CompletionResultType]::ParameterName, 'Sign in to the Dynamics tenant this way instead of that of the configuration')
            [CompletionResult]::new('--take-over', '--take-over', [CompletionResultType]::ParameterName, 'Take it over from a process on another machine, which has ended')
            [CompletionResult]::new('--trust-connection', '--trust-connection', [CompletionResultType]::ParameterName, 'Use what this machine is signed in to (azure-cli, managed-identity, a kept sign-in) though [connection] leads elsewhere')
            [CompletionResult]::new('--non-interactive', '--non-interactive', [CompletionResultType]::ParameterName, 'Ask nobody anything: neither to sign in nor for an answer')
            [CompletionResult]::new('--plain', '--plain', [CompletionResultType]::ParameterName, 'Only ASCII, no colour')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'cutover;abort' {
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'What is written to standard output')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'What is written to standard output')
            [CompletionResult]::new('--patience', '--patience', [CompletionResultType]::ParameterName, 'How long refused returns are tried before cutover leaves with something still out, such as 2h')
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Configuration file [default: cutover.toml]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: cutover.toml]')
            [CompletionResult]::new('--world', '--world', [CompletionResultType]::ParameterName, 'Use the built-in emulator with this world instead of a tenant; `cutover emulator --list` names them')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Folder for attestations, the journal of runs and, with --world, for the world''s state and clock [default: a folder of its own]')
            [CompletionResult]::new('--sign-in', '--sign-in', [CompletionResultType]::ParameterName, 'Sign in to the Dynamics tenant this way instead of that of the configuration')
            [CompletionResult]::new('--take-over', '--take-over', [CompletionResultType]::ParameterName, 'Take it over from a process on another machine, which has ended')
            [CompletionResult]::new('--trust-connection', '--trust-connection', [CompletionResultType]::ParameterName, 'Use what this machine is signed in to (azure-cli, managed-identity, a kept sign-in) though [connection] leads elsewhere')
            [CompletionResult]::new('--non-interactive', '--non-interactive', [CompletionResultType]::ParameterName, 'Ask nobody anything: neither to sign in nor for an answer')
            [CompletionResult]::new('--plain', '--plain', [CompletionResultType]::ParameterName, 'Only ASCII, no colour')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'cutover;runs' {
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'What is written to standard output')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'What is written to standard output')
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Configuration file [default: cutover.toml]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: cutover.toml]')
            [CompletionResult]::new('--world', '--world', [CompletionResultType]::ParameterName, 'Use the built-in emulator with this world instead of a tenant; `cutover emulator --list` names them')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Folder for attestations, the journal of runs and, with --world, for the world''s state and clock [default: a folder of its own]')
            [CompletionResult]::new('--sign-in', '--sign-in', [CompletionResultType]::ParameterName, 'Sign in to the Dynamics tenant this way instead of that of the configuration')
            [CompletionResult]::new('--trust-connection', '--trust-connection', [CompletionResultType]::ParameterName, 'Use what this machine is signed in to (azure-cli, managed-identity, a kept sign-in) though [connection] leads elsewhere')
            [CompletionResult]::new('--non-interactive', '--non-interactive', [CompletionResultType]::ParameterName, 'Ask nobody anything: neither to sign in nor for an answer')
            [CompletionResult]::new('--plain', '--plain', [CompletionResultType]::ParameterName, 'Only ASCII, no colour')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'What happened in a run: its steps and loans, how long each took, and the keys that its requests were sent with')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'cutover;runs;show' {
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'What is written to standard output')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'What is written to standard output')
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Configuration file [default: cutover.toml]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: cutover.toml]')
            [CompletionResult]::new('--world', '--world', [CompletionResultType]::ParameterName, 'Use the built-in emulator with this world instead of a tenant; `cutover emulator --list` names them')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Folder for attestations, the journal of runs and, with --world, for the world''s state and clock [default: a folder of its own]')
            [CompletionResult]::new('--sign-in', '--sign-in', [CompletionResultType]::ParameterName, 'Sign in to the Dynamics tenant this way instead of that of the configuration')
            [CompletionResult]::new('--trust-connection', '--trust-connection', [CompletionResultType]::ParameterName, 'Use what this machine is signed in to (azure-cli, managed-identity, a kept sign-in) though [connection] leads elsewhere')
            [CompletionResult]::new('--non-interactive', '--non-interactive', [CompletionResultType]::ParameterName, 'Ask nobody anything: neither to sign in nor for an answer')
            [CompletionResult]::new('--plain', '--plain', [CompletionResultType]::ParameterName, 'Only ASCII, no colour')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'cutover;runs;help' {
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'What happened in a run: its steps and loans, how long each took, and the keys that its requests were sent with')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'cutover;runs;help;show' {
            break
        }
        'cutover;runs;help;help' {
            break
        }
        'cutover;report' {
            [CompletionResult]::new('--of', '--of', [CompletionResultType]::ParameterName, 'A check of these stored facts instead of a run, as `cutover facts` wrote them')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Where to; `-` is standard output')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Where to; `-` is standard output')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'In which form [default: what the name of the file says, else markdown]')
            [CompletionResult]::new('--bundle', '--bundle', [CompletionResultType]::ParameterName, 'Write an evidence bundle of the run instead, such as run-1.tar.zst')
            [CompletionResult]::new('--sign-with', '--sign-with', [CompletionResultType]::ParameterName, 'Sign the bundle with this Ed25519 key, a private key as PKCS#8 PEM')
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Configuration file [default: cutover.toml]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: cutover.toml]')
            [CompletionResult]::new('--world', '--world', [CompletionResultType]::ParameterName, 'Use the built-in emulator with this world instead of a tenant; `cutover emulator --list` names them')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Folder for attestations, the journal of runs and, with --world, for the world''s state and clock [default: a folder of its own]')
            [CompletionResult]::new('--sign-in', '--sign-in', [CompletionResultType]::ParameterName, 'Sign in to the Dynamics tenant this way instead of that of the configuration')
            [CompletionResult]::new('--trust-connection', '--trust-connection', [CompletionResultType]::ParameterName, 'Use what this machine is signed in to (azure-cli, managed-identity, a kept sign-in) though [connection] leads elsewhere')
            [CompletionResult]::new('--non-interactive', '--non-interactive', [CompletionResultType]::ParameterName, 'Ask nobody anything: neither to sign in nor for an answer')
            [CompletionResult]::new('--plain', '--plain', [CompletionResultType]::ParameterName, 'Only ASCII, no colour')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'cutover;verify-bundle' {
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The public key that it has to be signed with, as PEM')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'What is written to standard output')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'What is written to standard output')
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Configuration file [default: cutover.toml]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: cutover.toml]')
            [CompletionResult]::new('--world', '--world', [CompletionResultType]::ParameterName, 'Use the built-in emulator with this world instead of a tenant; `cutover emulator --list` names them')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Folder for attestations, the journal of runs and, with --world, for the world''s state and clock [default: a folder of its own]')
            [CompletionResult]::new('--sign-in', '--sign-in', [CompletionResultType]::ParameterName, 'Sign in to the Dynamics tenant this way instead of that of the configuration')
            [CompletionResult]::new('--trust-connection', '--trust-connection', [CompletionResultType]::ParameterName, 'Use what this machine is signed in to (azure-cli, managed-identity, a kept sign-in) though [connection] leads elsewhere')
            [CompletionResult]::new('--non-interactive', '--non-interactive', [CompletionResultType]::ParameterName, 'Ask nobody anything: neither to sign in nor for an answer')
            [CompletionResult]::new('--plain', '--plain', [CompletionResultType]::ParameterName, 'Only ASCII, no colour')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'cutover;judge' {
            [CompletionResult]::new('--pack', '--pack', [CompletionResultType]::ParameterName, 'Another requirement pack than the built-in one')
            [CompletionResult]::new('--at', '--at', [CompletionResultType]::ParameterName, 'The time to judge for, such as 2027-01-31T12:00:00Z [default: when the facts were collected]')
            [CompletionResult]::new('--only', '--only', [CompletionResultType]::ParameterName, 'Only these requirements, such as W301')
            [CompletionResult]::new('--skip', '--skip', [CompletionResultType]::ParameterName, 'All requirements but these')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'What is written to standard output')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'What is written to standard output')
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Configuration file [default: cutover.toml]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: cutover.toml]')
            [CompletionResult]::new('--world', '--world', [CompletionResultType]::ParameterName, 'Use the built-in emulator with this world instead of a tenant; `cutover emulator --list` names them')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Folder for attestations, the journal of runs and, with --world, for the world''s state and clock [default: a folder of its own]')
            [CompletionResult]::new('--sign-in', '--sign-in', [CompletionResultType]::ParameterName, 'Sign in to the Dynamics tenant this way instead of that of the configuration')
            [CompletionResult]::new('--strict-warnings', '--strict-warnings', [CompletionResultType]::ParameterName, 'Exit with 6 when ready with warnings')
            [CompletionResult]::new('--trust-connection', '--trust-connection', [CompletionResultType]::ParameterName, 'Use what this machine is signed in to (azure-cli, managed-identity, a kept sign-in) though [connection] leads elsewhere')
            [CompletionResult]::new('--non-interactive', '--non-interactive', [CompletionResultType]::ParameterName, 'Ask nobody anything: neither to sign in nor for an answer')
            [CompletionResult]::new('--plain', '--plain', [CompletionResultType]::ParameterName, 'Only ASCII, no colour')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'cutover;diff' {
            [CompletionResult]::new('--pack', '--pack', [CompletionResultType]::ParameterName, 'Judge both by this requirement pack instead of the built-in one')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'What is written to standard output')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'What is written to standard output')
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Configuration file [default: cutover.toml]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: cutover.toml]')
            [CompletionResult]::new('--world', '--world', [CompletionResultType]::ParameterName, 'Use the built-in emulator with this world instead of a tenant; `cutover emulator --list` names them')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Folder for attestations, the journal of runs and, with --world, for the world''s state and clock [default: a folder of its own]')
            [CompletionResult]::new('--sign-in', '--sign-in', [CompletionResultType]::ParameterName, 'Sign in to the Dynamics tenant this way instead of that of the configuration')
            [CompletionResult]::new('--other-tenant', '--other-tenant', [CompletionResultType]::ParameterName, 'Compare even two different tenants')
            [CompletionResult]::new('--exit-code', '--exit-code', [CompletionResultType]::ParameterName, 'When a verdict changed, exit with the code that a check of AFTER would have')
            [CompletionResult]::new('--trust-connection', '--trust-connection', [CompletionResultType]::ParameterName, 'Use what this machine is signed in to (azure-cli, managed-identity, a kept sign-in) though [connection] leads elsewhere')
            [CompletionResult]::new('--non-interactive', '--non-interactive', [CompletionResultType]::ParameterName, 'Ask nobody anything: neither to sign in nor for an answer')
            [CompletionResult]::new('--plain', '--plain', [CompletionResultType]::ParameterName, 'Only ASCII, no colour')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'cutover;doctor' {
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'What is written to standard output')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'What is written to standard output')
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Configuration file [default: cutover.toml]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: cutover.toml]')
            [CompletionResult]::new('--world', '--world', [CompletionResultType]::ParameterName, 'Use the built-in emulator with this world instead of a tenant; `cutover emulator --list` names them')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Folder for attestations, the journal of runs and, with --world, for the world''s state and clock [default: a folder of its own]')
            [CompletionResult]::new('--sign-in', '--sign-in', [CompletionResultType]::ParameterName, 'Sign in to the Dynamics tenant this way instead of that of the configuration')
            [CompletionResult]::new('--offline', '--offline', [CompletionResultType]::ParameterName, 'Ask no service')
            [CompletionResult]::new('--trust-connection', '--trust-connection', [CompletionResultType]::ParameterName, 'Use what this machine is signed in to (azure-cli, managed-identity, a kept sign-in) though [connection] leads elsewhere')
            [CompletionResult]::new('--non-interactive', '--non-interactive', [CompletionResultType]::ParameterName, 'Ask nobody anything: neither to sign in nor for an answer')
            [CompletionResult]::new('--plain', '--plain', [CompletionResultType]::ParameterName, 'Only ASCII, no colour')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'cutover;permissions' {
            [CompletionResult]::new('--for', '--for', [CompletionResultType]::ParameterName, 'What is to be run')
            [CompletionResult]::new('--as', '--as', [CompletionResultType]::ParameterName, 'Who signs in [default: by the configured way to sign in, else an application]')
            [CompletionResult]::new('--only', '--only', [CompletionResultType]::ParameterName, 'Only these requirements, such as W301')
            [CompletionResult]::new('--skip', '--skip', [CompletionResultType]::ParameterName, 'All requirements but these')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'What is written to standard output')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'What is written to standard output')
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Configuration file [default: cutover.toml]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: cutover.toml]')
            [CompletionResult]::new('--world', '--world', [CompletionResultType]::ParameterName, 'Use the built-in emulator with this world instead of a tenant; `cutover emulator --list` names them')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Folder for attestations, the journal of runs and, with --world, for the world''s state and clock [default: a folder of its own]')
            [CompletionResult]::new('--sign-in', '--sign-in', [CompletionResultType]::ParameterName, 'Sign in to the Dynamics tenant this way instead of that of the configuration')
            [CompletionResult]::new('--trust-connection', '--trust-connection', [CompletionResultType]::ParameterName, 'Use what this machine is signed in to (azure-cli, managed-identity, a kept sign-in) though [connection] leads elsewhere')
            [CompletionResult]::new('--non-interactive', '--non-interactive', [CompletionResultType]::ParameterName, 'Ask nobody anything: neither to sign in nor for an answer')
            [CompletionResult]::new('--plain', '--plain', [CompletionResultType]::ParameterName, 'Only ASCII, no colour')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'cutover;init' {
            [CompletionResult]::new('--tenant', '--tenant', [CompletionResultType]::ParameterName, 'Id or verified domain of the Dynamics tenant')
            [CompletionResult]::new('--client-id', '--client-id', [CompletionResultType]::ParameterName, 'Id of the application that signs in')
            [CompletionResult]::new('--environment', '--environment', [CompletionResultType]::ParameterName, 'Address of the environment; looked for when it is left out')
            [CompletionResult]::new('--tier', '--tier', [CompletionResultType]::ParameterName, '1 for direct-bill partners, 2 for partners behind an indirect provider')
            [CompletionResult]::new('--region', '--region', [CompletionResultType]::ParameterName, 'Data centre of Work 365: us or eu')
            [CompletionResult]::new('--borrower', '--borrower', [CompletionResultType]::ParameterName, 'The person who acts as Global Administrator')
            [CompletionResult]::new('--service-account', '--service-account', [CompletionResultType]::ParameterName, 'The account that Work 365 runs as')
            [CompletionResult]::new('--integration-account', '--integration-account', [CompletionResultType]::ParameterName, 'The account that Work 365 works as in Partner Center')
            [CompletionResult]::new('--connection', '--connection', [CompletionResultType]::ParameterName, 'Take the table [connection] from this file, such as what `cutover emulator` prints')
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Configuration file [default: cutover.toml]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: cutover.toml]')
            [CompletionResult]::new('--world', '--world', [CompletionResultType]::ParameterName, 'Use the built-in emulator with this world instead of a tenant; `cutover emulator --list` names them')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Folder for attestations, the journal of runs and, with --world, for the world''s state and clock [default: a folder of its own]')
            [CompletionResult]::new('--sign-in', '--sign-in', [CompletionResultType]::ParameterName, 'Sign in to the Dynamics tenant this way instead of that of the configuration')
            [CompletionResult]::new('--application-user', '--application-user', [CompletionResultType]::ParameterName, 'Work 365 runs as its application user')
            [CompletionResult]::new('--force', '--force', [CompletionResultType]::ParameterName, 'Write over a file that is there')
            [CompletionResult]::new('--offline', '--offline', [CompletionResultType]::ParameterName, 'Sign in nowhere and look for nothing')
            [CompletionResult]::new('--trust-connection', '--trust-connection', [CompletionResultType]::ParameterName, 'Use what this machine is signed in to (azure-cli, managed-identity, a kept sign-in) though [connection] leads elsewhere')
            [CompletionResult]::new('--non-interactive', '--non-interactive', [CompletionResultType]::ParameterName, 'Ask nobody anything: neither to sign in nor for an answer')
            [CompletionResult]::new('--plain', '--plain', [CompletionResultType]::ParameterName, 'Only ASCII, no colour')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'cutover;login' {
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Configuration file [default: cutover.toml]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: cutover.toml]')
            [CompletionResult]::new('--world', '--world', [CompletionResultType]::ParameterName, 'Use the built-in emulator with this world instead of a tenant; `cutover emulator --list` names them')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Folder for attestations, the journal of runs and, with --world, for the world''s state and clock [default: a folder of its own]')
            [CompletionResult]::new('--sign-in', '--sign-in', [CompletionResultType]::ParameterName, 'Sign in to the Dynamics tenant this way instead of that of the configuration')
            [CompletionResult]::new('--trust-connection', '--trust-connection', [CompletionResultType]::ParameterName, 'Use what this machine is signed in to (azure-cli, managed-identity, a kept sign-in) though [connection] leads elsewhere')
            [CompletionResult]::new('--non-interactive', '--non-interactive', [CompletionResultType]::ParameterName, 'Ask nobody anything: neither to sign in nor for an answer')
            [CompletionResult]::new('--plain', '--plain', [CompletionResultType]::ParameterName, 'Only ASCII, no colour')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'cutover;logout' {
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Configuration file [default: cutover.toml]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: cutover.toml]')
            [CompletionResult]::new('--world', '--world', [CompletionResultType]::ParameterName, 'Use the built-in emulator with this world instead of a tenant; `cutover emulator --list` names them')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Folder for attestations, the journal of runs and, with --world, for the world''s state and clock [default: a folder of its own]')
            [CompletionResult]::new('--sign-in', '--sign-in', [CompletionResultType]::ParameterName, 'Sign in to the Dynamics tenant this way instead of that of the configuration')
            [CompletionResult]::new('--trust-connection', '--trust-connection', [CompletionResultType]::ParameterName, 'Use what this machine is signed in to (azure-cli, managed-identity, a kept sign-in) though [connection] leads elsewhere')
            [CompletionResult]::new('--non-interactive', '--non-interactive', [CompletionResultType]::ParameterName, 'Ask nobody anything: neither to sign in nor for an answer')
            [CompletionResult]::new('--plain', '--plain', [CompletionResultType]::ParameterName, 'Only ASCII, no colour')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'cutover;whoami' {
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Configuration file [default: cutover.toml]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: cutover.toml]')
            [CompletionResult]::new('--world', '--world', [CompletionResultType]::ParameterName, 'Use the built-in emulator with this world instead of a tenant; `cutover emulator --list` names them')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Folder for attestations, the journal of runs and, with --world, for the world''s state and clock [default: a folder of its own]')
            [CompletionResult]::new('--sign-in', '--sign-in', [CompletionResultType]::ParameterName, 'Sign in to the Dynamics tenant this way instead of that of the configuration')
            [CompletionResult]::new('--trust-connection', '--trust-connection', [CompletionResultType]::ParameterName, 'Use what this machine is signed in to (azure-cli, managed-identity, a kept sign-in) though [connection] leads elsewhere')
            [CompletionResult]::new('--non-interactive', '--non-interactive', [CompletionResultType]::ParameterName, 'Ask nobody anything: neither to sign in nor for an answer')
            [CompletionResult]::new('--plain', '--plain', [CompletionResultType]::ParameterName, 'Only ASCII, no colour')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'cutover;demo' {
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Configuration file [default: cutover.toml]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: cutover.toml]')
            [CompletionResult]::new('--world', '--world', [CompletionResultType]::ParameterName, 'Use the built-in emulator with this world instead of a tenant; `cutover emulator --list` names them')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Folder for attestations, the journal of runs and, with --world, for the world''s state and clock [default: a folder of its own]')
            [CompletionResult]::new('--sign-in', '--sign-in', [CompletionResultType]::ParameterName, 'Sign in to the Dynamics tenant this way instead of that of the configuration')
            [CompletionResult]::new('--trust-connection', '--trust-connection', [CompletionResultType]::ParameterName, 'Use what this machine is signed in to (azure-cli, managed-identity, a kept sign-in) though [connection] leads elsewhere')
            [CompletionResult]::new('--non-interactive', '--non-interactive', [CompletionResultType]::ParameterName, 'Ask nobody anything: neither to sign in nor for an answer')
            [CompletionResult]::new('--plain', '--plain', [CompletionResultType]::ParameterName, 'Only ASCII, no colour')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'cutover;emulator' {
            [CompletionResult]::new('--port', '--port', [CompletionResultType]::ParameterName, 'Port on 127.0.0.1; 0 takes a free one')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'Where to write the authority''s certificate, for clients to trust; else `ca.pem` in the state folder')
            [CompletionResult]::new('--world-file', '--world-file', [CompletionResultType]::ParameterName, 'A world of your own instead of a built-in one')
            [CompletionResult]::new('--from-facts', '--from-facts', [CompletionResultType]::ParameterName, 'A world that looks like the tenant which `cutover facts` looked at')
            [CompletionResult]::new('--save-world', '--save-world', [CompletionResultType]::ParameterName, 'Write the world made from facts to a file, for `--world-file`, and end')
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Configuration file [default: cutover.toml]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: cutover.toml]')
            [CompletionResult]::new('--world', '--world', [CompletionResultType]::ParameterName, 'Use the built-in emulator with this world instead of a tenant; `cutover emulator --list` names them')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Folder for attestations, the journal of runs and, with --world, for the world''s state and clock [default: a folder of its own]')
            [CompletionResult]::new('--sign-in', '--sign-in', [CompletionResultType]::ParameterName, 'Sign in to the Dynamics tenant this way instead of that of the configuration')
            [CompletionResult]::new('--list', '--list', [CompletionResultType]::ParameterName, 'List the built-in worlds and end')
            [CompletionResult]::new('--standing-clock', '--standing-clock', [CompletionResultType]::ParameterName, 'Let the clock stand at the world''s time instead of running from now')
            [CompletionResult]::new('--https', '--https', [CompletionResultType]::ParameterName, 'Speak TLS, with a certificate authority of the emulator''s own')
            [CompletionResult]::new('--keep-ca', '--keep-ca', [CompletionResultType]::ParameterName, 'Keep the authority in the state folder, so that clients need to be told only once')
            [CompletionResult]::new('--trust-connection', '--trust-connection', [CompletionResultType]::ParameterName, 'Use what this machine is signed in to (azure-cli, managed-identity, a kept sign-in) though [connection] leads elsewhere')
            [CompletionResult]::new('--non-interactive', '--non-interactive', [CompletionResultType]::ParameterName, 'Ask nobody anything: neither to sign in nor for an answer')
            [CompletionResult]::new('--plain', '--plain', [CompletionResultType]::ParameterName, 'Only ASCII, no colour')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'cutover;help' {
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Read-only: could the upgrade start now? Every requirement, verdict, evidence and fix')
            [CompletionResult]::new('explain', 'explain', [CompletionResultType]::ParameterValue, 'The manual page of a requirement: why, evidence, fix by hand, permissions, source')
            [CompletionResult]::new('explain-mfa', 'explain-mfa', [CompletionResultType]::ParameterValue, 'Why MFA is demanded of an account, or not: every policy, what it demands, and which sign-ins slip through')
            [CompletionResult]::new('attest', 'attest', [CompletionResultType]::ParameterValue, 'Record what a person saw, where no API can show it')
            [CompletionResult]::new('facts', 'facts', [CompletionResultType]::ParameterValue, 'Store what was seen in the tenant, to judge it again later with `cutover judge`')
            [CompletionResult]::new('plan', 'plan', [CompletionResultType]::ParameterValue, 'What would be changed, lent and returned, and what is left to people; nothing is written to the tenant')
            [CompletionResult]::new('apply', 'apply', [CompletionResultType]::ParameterValue, 'Carry out exactly what a plan says; what it lends comes back, whatever happens')
            [CompletionResult]::new('upgrade', 'upgrade', [CompletionResultType]::ParameterValue, 'Upgrade: everything from the freeze to the proof, after one confirmation that shows the whole way')
            [CompletionResult]::new('resume', 'resume', [CompletionResultType]::ParameterValue, 'Go on with a run that was interrupted: settle what is in doubt, do what is left, bring back what is lent')
            [CompletionResult]::new('leases', 'leases', [CompletionResultType]::ParameterValue, 'What is out on loan now, in every run on this machine; asks nobody')
            [CompletionResult]::new('give-back', 'give-back', [CompletionResultType]::ParameterValue, 'End a run: no new work, everything that is lent comes back')
            [CompletionResult]::new('abort', 'abort', [CompletionResultType]::ParameterValue, 'Stop a run: no new work, what is lent comes back, and what stays in the tenant is said')
            [CompletionResult]::new('runs', 'runs', [CompletionResultType]::ParameterValue, 'What was carried out on this machine: when, what came of it, what is out; asks nobody')
            [CompletionResult]::new('report', 'report', [CompletionResultType]::ParameterValue, 'What an auditor reads of a run or a check: HTML, Markdown, JSON, or a bundle of all evidence; asks nobody')
            [CompletionResult]::new('verify-bundle', 'verify-bundle', [CompletionResultType]::ParameterValue, 'Is an evidence bundle what was written? Every change is named; asks nobody, and unpacks nothing')
            [CompletionResult]::new('judge', 'judge', [CompletionResultType]::ParameterValue, 'Judge stored facts again, without any network')
            [CompletionResult]::new('diff', 'diff', [CompletionResultType]::ParameterValue, 'Tell what changed between two looks: verdicts first, then facts')
            [CompletionResult]::new('doctor', 'doctor', [CompletionResultType]::ParameterValue, 'Tell what keeps cutover itself from working here: configuration, folders, credentials, network, sign-in')
            [CompletionResult]::new('permissions', 'permissions', [CompletionResultType]::ParameterValue, 'The least permissions for what you will run, why each is needed, an app manifest and a consent link; offline')
            [CompletionResult]::new('init', 'init', [CompletionResultType]::ParameterValue, 'Write a configuration by flags or by asking; finds the environments and what is installed')
            [CompletionResult]::new('login', 'login', [CompletionResultType]::ParameterValue, 'Sign in to the Dynamics tenant and, when there is one, the partner tenant, and show who it is')
            [CompletionResult]::new('logout', 'logout', [CompletionResultType]::ParameterValue, 'Forget the sign-ins that `cutover login` kept for this configuration')
            [CompletionResult]::new('whoami', 'whoami', [CompletionResultType]::ParameterValue, 'Who is signed in to each tenant, how, and what that allows')
            [CompletionResult]::new('demo', 'demo', [CompletionResultType]::ParameterValue, 'The whole arc on the built-in emulator, from check to a verified bundle of evidence: nothing to configure, no tenant involved')
            [CompletionResult]::new('emulator', 'emulator', [CompletionResultType]::ParameterValue, 'An offline double of Entra, Graph, Dataverse, Power Platform and Partner Center, on this machine')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'cutover;help;check' {
            break
        }
        'cutover;help;explain' {
            break
        }
        'cutover;help;explain-mfa' {
            break
        }
        'cutover;help;attest' {
            break
        }
        'cutover;help;facts' {
            break
        }
        'cutover;help;plan' {
            break
        }
        'cutover;help;apply' {
            break
        }
        'cutover;help;upgrade' {
            break
        }
        'cutover;help;resume' {
            break
        }
        'cutover;help;leases' {
            [CompletionResult]::new('renew', 'renew', [CompletionResultType]::ParameterValue, 'Let a loan stay out longer; the decision and who took it are kept')
            break
        }
        'cutover;help;leases;renew' {
            break
        }
        'cutover;help;give-back' {
            break
        }
        'cutover;help;abort' {
            break
        }
        'cutover;help;runs' {
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'What happened in a run: its steps and loans, how long each took, and the keys that its requests were sent with')
            break
        }
        'cutover;help;runs;show' {
            break
        }
        'cutover;help;report' {
            break
        }
        'cutover;help;verify-bundle' {
            break
        }
        'cutover;help;judge' {
            break
        }
        'cutover;help;diff' {
            break
        }
        'cutover;help;doctor' {
            break
        }
        'cutover;help;permissions' {
            break
        }
        'cutover;help;init' {
            break
        }
        'cutover;help;login' {
            break
        }
        'cutover;help;logout' {
            break
        }
        'cutover;help;whoami' {
            break
        }
        'cutover;help;demo' {
            break
        }
        'cutover;help;emulator' {
            break
        }
        'cutover;help;help' {
            break
        }
    })

    $completions.Where{ $_.CompletionText -like "$wordToComplete*" } |
        Sort-Object -Property ListItemText
}
