#!/usr/bin/python
# Copyright (c) 2026 The uamops.netwrix_auditor authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of module desired_state; the work is done by the action of the same name."""

from __future__ import annotations

DOCUMENTATION = r"""
module: desired_state
short_description: Bring a host to a desired state in one plan over one connection
version_added: 0.1.0
description:
  - Takes a list of resources, reads them all from the host in few messages, then writes what differs and reads it back.
  - A host costs one task instead of one for each resource. In check mode the same plan is the drift report.
  - Nothing is written if any of the resources can't be had.
  - Each resource gets a verdict on the control that it belongs to, also where it is stored as required and something overrides it. The callback
    P(uamops.netwrix_auditor.compliance#callback) makes a report of these.
author:
  - uamops (@uamops)
extends_documentation_fragment:
  - uamops.netwrix_auditor.attributes
options:
  waivers:
    description:
      - Exceptions that somebody has accepted, for the compliance report. What they are for is still compared, and a run still changes it.
      - One that names no control, no host of the inventory or no date, or that has expired, waives nothing, and a warning says so.
    type: list
    elements: dict
    suboptions:
      control:
        description:
          - The id of the control.
        type: str
        required: true
      reason:
        description:
          - Why it is accepted, and by whom.
        type: str
        required: true
      expires:
        description:
          - The last day on which it holds, such as C(2027-01-31), by the controller's clock.
        type: str
        required: true
      hosts:
        description:
          - The hosts and groups that it is for. All hosts that are given it, if left out.
        type: list
        elements: str
  unjudged:
    description:
      - Controls of which the play knows already that nobody can judge them for this host. They are reported as unknown.
    type: list
    elements: dict
    suboptions:
      control:
        description:
          - The control.
        type: dict
        required: true
        suboptions:
          id:
            description:
              - The control's name, one of this collection's or one of your own.
            type: str
            required: true
          title:
            description:
              - What the control asks for, in one line. Needed for a control of your own.
            type: str
          section:
            description:
              - The section of the specification that it comes from.
            type: str
          severity:
            description:
              - How much depends on it.
            type: str
            choices: [critical, high, medium, low]
      resource:
        description:
          - What could not be judged.
        type: str
        required: true
      reason:
        description:
          - Why not.
        type: str
        required: true
  resources:
    description:
      - The resources, each a dictionary with one key that names its kind, and maybe the control that it belongs to. They are read together, then
        written in this order.
    type: list
    elements: dict
    required: true
    suboptions:
      control:
        description:
          - The control of the compliance report that the resource belongs to. Several resources may belong to one.
          - A resource that names none is a control by itself.
        type: dict
        suboptions:
            id:
              description:
                - The control's name, one of this collection's or one of your own.
              type: str
              required: true
            title:
              description:
                - What the control asks for, in one line. Needed for a control of your own.
              type: str
            section:
              description:
                - The section of the specification that it comes from.
              type: str
            severity:
              description:
                - How much depends on it. V(medium) for a control of your own that gives none.
              type: str
              choices: [critical, high, medium, low]
      service:
        description:
          - Manage how a Windows service starts and whether it runs. See M(uamops.netwrix_auditor.service).
        type: dict
        suboptions:
            name:
              description:
                - The short name of the service, in any letter case.
                - Exactly one of O(resources[].service.name) and O(resources[].service.image_path) is needed.
              type: str
            image_path:
              description:
                - The program of the service, as a full path or as a file name in any folder, for services whose short name is not known.
              type: str
            start_mode:
              description:
                - How the service starts. V(delayed) is Automatic (Delayed Start).
                - Left as it is if not given.
              type: str
              choices: [auto, delayed, manual, disabled]
            state:
              description:
                - Whether the service runs.
                - Left as it is if not given.
              type: str
              choices: [started, stopped]
            accept_trigger_start:
              description:
                - Whether a stopped service counts as started if its start mode is automatic and it has a start trigger for calls that come in, so that
                  Windows starts it on demand.
                - RemoteRegistry stops itself after ten idle minutes by design, so with V(false) it is found stopped most of the time unless
                  O(resources[].service.stop_when_idle=false).
              type: bool
              default: true
            stop_when_idle:
              description:
                - Whether RemoteRegistry may stop itself after ten idle minutes (registry value C(DisableIdleStop)). A running service is restarted to
                  take a change over.
                - Known for RemoteRegistry only. Left as it is if not given.
              type: bool
            settings:
              description:
                - Registry values that belong to the service because it reads them when it starts. When one of them is to change, a running service is
                  stopped while they are written, and started again.
                - O(resources[].service.state) is required with them, so that a run after one that was cut off in between knows whether the service
                  should run.
                - A value of another type than asked is replaced.
              type: list
              elements: dict
              suboptions:
                path:
                  description:
                    - The key, such as V(HKLM\\SOFTWARE\\Vendor). On 32-bit Windows C(WOW6432Node) is left out of it.
                  type: str
                  required: true
                name:
                  description:
                    - The value's name.
                  type: str
                  required: true
                type:
                  description:
                    - The value's type.
                  type: str
                  choices: [string, expandstring, multistring, dword, qword, binary]
                  default: string
                data:
                  description:
                    - The value's data, as for M(uamops.netwrix_auditor.registry_value). Required if O(resources[].service.settings[].state=present).
                    - With O(resources[].service.settings[].state=absent) and data, the value is removed only if it holds this data.
                  type: raw
                state:
                  description:
                    - Whether the value is there.
                  type: str
                  choices: [present, absent]
                  default: present
      firewall_group:
        description:
          - Switch a group of built-in firewall rules by its language-neutral id. See M(uamops.netwrix_auditor.firewall_group).
        type: dict
        suboptions:
            group:
              description:
                - The group's resource id such as V(@FirewallAPI.dll,-28502), which is the same in every language, or its English name such as V(File
                  and Printer Sharing).
              type: str
              required: true
            profiles:
              description:
                - The profiles in which the group's rules are switched. A rule that holds for further profiles too is switched for all of them, and a
                  note says so.
                - Enabling also makes a rule allow that somebody has made block. Rules of File and Printer Sharing and of WMI, which Windows ships for
                  all profiles, are made to hold in these profiles again if somebody has narrowed them.
              type: list
              elements: str
              choices: [domain, private, public]
              default: [domain]
            direction:
              description:
                - Which of the group's rules are switched.
              type: str
              choices: [in, out, both]
              default: both
            enabled:
              description:
                - Whether the rules are enabled.
              type: bool
              default: true
      firewall_rule:
        description:
          - Manage a Windows Firewall rule for a program and its ports. See M(uamops.netwrix_auditor.firewall_rule).
        type: dict
        suboptions:
            name:
              description:
                - The rule's name. Together with O(resources[].firewall_rule.direction) it says which rule is meant.
              type: str
              required: true
            direction:
              description:
                - Whether the rule is for inbound or outbound connections.
              type: str
              required: true
              choices: [in, out]
            state:
              description:
                - Whether the rule is there. V(absent) removes every rule of this name and direction.
              type: str
              choices: [present, absent]
              default: present
            action:
              description:
                - What the rule does with a connection.
              type: str
              choices: [allow, block]
              default: allow
            program:
              description:
                - The program's path, any program if not given. V(%ProgramFiles%), V(%ProgramFiles(x86\)%), V(%ProgramData%) and V(%SystemRoot%) stand
                  for the host's own folders, and V(%ProgramFiles(x86\)%) for V(%ProgramFiles%) on 32-bit Windows.
                - A path below O(resources[].firewall_rule.program_base) if that is given.
              type: str
            program_base:
              description:
                - Where O(resources[].firewall_rule.program) lies. The first candidate that resolves is taken.
                - A candidate is a registry value that holds a folder, which resolves if it is there, or a folder, which is taken as it is. A registry
                  value is written as V(HKLM\\SOFTWARE\\Vendor\\Product\\InstallPath). V(WOW6432Node) is left out on 32-bit Windows.
              type: list
              elements: str
            protocol:
              description:
                - The protocol as V(tcp), V(udp), V(icmpv4), V(icmpv6), V(any), or a number from V(0) to V(255).
              type: str
              default: any
            local_ports:
              description:
                - Ports and port ranges on the host, any port if not given. Needs O(resources[].firewall_rule.protocol) V(tcp) or V(udp).
              type: list
              elements: str
            remote_ports:
              description:
                - Ports and port ranges on the other side, any port if not given. Needs O(resources[].firewall_rule.protocol) V(tcp) or V(udp).
              type: list
              elements: str
            remote_addresses:
              description:
                - Who may be on the other side, anyone if not given. Addresses, networks, ranges, or V(localsubnet), V(dns), V(dhcp), V(wins),
                  V(defaultgateway).
              type: list
              elements: str
            profiles:
              description:
                - The profiles in which the rule holds.
              type: list
              elements: str
              choices: [domain, private, public]
              default: [domain, private, public]
            enabled:
              description:
                - Whether the rule is enabled.
              type: bool
              default: true
            adopt:
              description:
                - Whether a rule with another name, but the same direction, action, program, protocol and port, is taken as the rule meant instead of
                  adding a second one. It keeps its name.
              type: bool
              default: true
      registry_value:
        description:
          - Manage a value in the Windows registry. See M(uamops.netwrix_auditor.registry_value).
        type: dict
        suboptions:
            path:
              description:
                - The key, such as V(HKLM\\SOFTWARE\\Vendor). Keys that are missing are made. Hives are C(HKLM), C(HKU), C(HKCR) and C(HKCC).
              type: str
              required: true
            name:
              description:
                - The value's name. Empty for the key's default value, which can be a string only.
              type: str
              default: ''
            type:
              description:
                - The value's type.
              type: str
              choices: [string, expandstring, multistring, dword, qword, binary]
              default: string
            data:
              description:
                - The value's data, a list for V(multistring), hexadecimal digits or a list of bytes for V(binary). Required if
                  O(resources[].registry_value.state=present).
              type: raw
            state:
              description:
                - Whether the value is there. The key itself is never removed.
              type: str
              choices: [present, absent]
              default: present
            missing_key:
              description:
                - What a missing key means. V(create) makes it. With V(ignore) the value does not apply to the host, nothing is set, and a note says so.
                  An example are settings that servers have and clients don't.
              type: str
              choices: [create, ignore]
              default: create
      registry_key:
        description:
          - Manage a key in the Windows registry. See M(uamops.netwrix_auditor.registry_key).
        type: dict
        suboptions:
            path:
              description:
                - The key, such as V(HKLM\\SOFTWARE\\Vendor\\Product). Hives are C(HKLM), C(HKU), C(HKCR) and C(HKCC). On 32-bit Windows C(WOW6432Node)
                  is left out of it.
              type: str
              required: true
            state:
              description:
                - Whether the key is there. V(absent) removes it with its values and all keys below it.
                - Refused for a hive, for the two levels below it, for all of C(HKLM) but C(SOFTWARE), for all below keys of
                  V(HKLM\\SOFTWARE\\Microsoft) that begin with C(Windows), and for other keys that Windows itself or many products need.
              type: str
              choices: [present, absent]
              default: present
      user_registry_value:
        description:
          - Manage a value in the registry of users. See M(uamops.netwrix_auditor.user_registry_value).
        type: dict
        suboptions:
            user:
              description:
                - An account of the host or of a domain, as V(LAB\\alice), V(alice@example.com), V(.\\operator) or a SID.
                - V(default) is the profile that new users get. V(all) is everybody who has a profile, and V(default); one profile that can't be read is
                  left out with a warning.
              type: str
              required: true
            path:
              description:
                - The key below the user's hive, such as V(Software\\Vendor\\Product). Keys that are missing are made.
                - V(Software\\Classes) lies in another hive and is refused.
              type: str
              required: true
            name:
              description:
                - The value's name. The default value of a key is not offered.
              type: str
              required: true
            type:
              description:
                - The value's type.
              type: str
              choices: [string, expandstring, multistring, dword, qword, binary]
              default: string
            data:
              description:
                - The value's data, a list for V(multistring), hexadecimal digits or a list of bytes for V(binary). Required if
                  O(resources[].user_registry_value.state=present).
                - A quotation mark can't be written for users who are not logged on.
              type: raw
            state:
              description:
                - Whether the value is there. The key itself is never removed.
              type: str
              choices: [present, absent]
              default: present
      edge_ie_mode_site_list:
        description:
          - Manage a site list of Microsoft Edge's Internet Explorer mode. See M(uamops.netwrix_auditor.edge_ie_mode_site_list).
        type: dict
        suboptions:
            path:
              description:
                - The file, absolute on a drive of the host. C(%ProgramFiles%), C(%ProgramFiles(x86)%), C(%ProgramData%), C(%SystemRoot%) and
                  C(%SystemDrive%) stand for the host's own folders.
                - A folder that is missing is made, for users to read and for administrators to write. One that is there keeps its rights, which are not
                  looked at; it should let users read and only administrators write.
              type: str
              required: true
            sites:
              description:
                - The sites. Required if O(resources[].edge_ie_mode_site_list.state=present).
              type: list
              elements: dict
              suboptions:
                url:
                  description:
                    - Host, port and path without a protocol, as in V(auditor.example.com/reports). All below it is meant too.
                  type: str
                  required: true
                open_in:
                  description:
                    - Internet Explorer mode, Microsoft Edge itself, or what the site before it was opened in.
                  type: str
                  choices: [ie11, edge, configurable]
                  default: ie11
                compat_mode:
                  description:
                    - The document mode.
                  type: str
                  choices: [Default, IE11, IE10, IE9, IE8, IE7, IE5, IE8Enterprise, IE7Enterprise]
                  default: Default
                allow_redirect:
                  description:
                    - Whether it also counts when the site is reached by a redirection.
                  type: bool
                  default: false
            state:
              description:
                - Whether the file is there. V(absent) removes it, and leaves its folder.
              type: str
              choices: [present, absent]
              default: present
      folder:
        description:
          - Manage a folder on a Windows host. See M(uamops.netwrix_auditor.folder).
        type: dict
        suboptions:
            path:
              description:
                - The folder, absolute on a drive of the host. C(%ProgramFiles%), C(%ProgramFiles(x86)%), C(%ProgramData%), C(%SystemRoot%) and
                  C(%SystemDrive%) stand for the host's own folders.
              type: str
              required: true
            state:
              description:
                - Whether the folder is there. V(absent) removes it with all that is in it.
                - Refused for a drive, a folder right below one, Windows' own folder except below its C(Temp), the folders that Windows makes for
                  programs, data and users, all of Microsoft's below C(ProgramData), and in a user's profile all but what programs keep in C(AppData).
              type: str
              choices: [present, absent]
              default: present
      local_group_member:
        description:
          - Manage members of a local group on a Windows host. See M(uamops.netwrix_auditor.local_group_member).
        type: dict
        suboptions:
            group:
              description:
                - The group, by its name or by its SID, such as V(S-1-5-32-544) for the built-in Administrators, whose name is in the host's language.
                - Netwrix Auditor makes V(Netwrix Auditor Client Users) on its server. Its members see all recordings and all collected data.
              type: str
              required: true
            members:
              description:
                - The accounts. C(DOMAIN\name), C(DOMAIN\name$) for a group managed service account or a computer, C(name@domain), C(.\name) or a plain
                  name for an account of the host itself, or a SID.
                - Give accounts whose names are in the host's language, such as C(LOCAL SERVICE), by their SIDs.
                - Without accounts nothing is changed, and who is in the group is told.
              type: list
              elements: str
              default: []
            state:
              description:
                - Whether the accounts are in the group.
                - C(net localgroup), which brings this about, does not take names of more than 20 characters on every release. A warning says so, and an
                  error where it refuses one.
              type: str
              choices: [present, absent]
              default: present
      share_access:
        description:
          - Check that accounts can read a share of a Windows host. See M(uamops.netwrix_auditor.share_access).
        type: dict
        suboptions:
            share:
              description:
                - The share's name alone, such as V(Netwrix_UAVR$).
              type: str
              required: true
            accounts:
              description:
                - Who has to be able to read it over the network. C(DOMAIN\name), C(DOMAIN\name$), C(name@domain), C(.\name) or a SID.
              type: list
              elements: str
              required: true
            rights:
              description:
                - What they have to be able to do.
              type: str
              choices: [read]
              default: read
      registry_access:
        description:
          - Let an account read a registry key of a Windows host. See M(uamops.netwrix_auditor.registry_access).
        type: dict
        suboptions:
            path:
              description:
                - The key, beginning with C(HKLM), C(HKU), C(HKCR) or C(HKCC). It has to exist.
              type: str
              required: true
            account:
              description:
                - The account, by its SID such as V(S-1-5-19) for LOCAL SERVICE, whose name is in the host's language, or as C(DOMAIN\name),
                  C(name@domain) or C(.\name).
              type: str
              required: true
            rights:
              description:
                - What it has to be able to do. V(read) is C(KEY_READ).
              type: str
              choices: [read]
              default: read
      dotnet_framework:
        description:
          - Make sure that a Windows host has the .NET Framework. See M(uamops.netwrix_auditor.dotnet_framework).
        type: dict
        suboptions:
            release:
              description:
                - The least release that will do, as the number in the registry. V(528040) is 4.8, V(461808) is 4.7.2 and V(533320) is 4.8.1.
                - A higher release is as required, because each of them replaces those before it.
              type: int
              default: 528040
            installer:
              description:
                - Microsoft's offline installer, such as C(ndp48-x86-x64-allos-enu.exe). The form says where it lies.
                - V(https://...) is downloaded by the controller and needs O(resources[].dotnet_framework.sha256). V(\\\\server\\share\\file.exe) is
                  copied by the host as SYSTEM, that is as its computer account, and needs O(resources[].dotnet_framework.sha256) too.
                  V(C:\\folder\\file.exe) lies on the host. Everything else is a file of the controller.
                - Without it too low a release is drift and a warning in check mode, and an error in a run.
              type: str
            sha256:
              description:
                - The installer's SHA-256. Another file is refused.
              type: str
            arguments:
              description:
                - The installer's options. Without C(/norestart) it may restart the host by itself.
              type: str
              default: /q /norestart
            time_limit:
              description:
                - Seconds until the installer is ended with all that it has started, and the task fails.
              type: int
              default: 3600
            delivery:
              description:
                - How the installer comes to the host. V(auto) is over SMB, and through the connection of the play where SMB is refused or out of reach;
                  V(smb) and V(connection) are one of them only.
                - V(host) means that the file lies on the host or on a share, and is refused for others.
              type: str
              choices: [auto, smb, connection, host]
              default: auto
            smb_port:
              description:
                - TCP port of SMB on the host.
              type: int
              default: 445
            concurrent_uploads:
              description:
                - How many hosts get a file from this controller at the same time, over all of Ansible's forks.
              type: int
              default: 10
      msi_package:
        description:
          - Install, upgrade, repair or remove a Windows Installer package. See M(uamops.netwrix_auditor.msi_package).
        type: dict
        suboptions:
            state:
              description:
                - V(present) installs the package if no version of the product is there, and repairs what is missing of one.
                - V(latest) also upgrades an older version.
                - V(absent) uninstalls every version of the product. What the package itself leaves behind stays.
              type: str
              choices: [present, absent, latest]
              default: present
            path:
              description:
                - The MSI file. The form says where it lies.
                - V(https://...) is downloaded by the controller, once for each O(resources[].msi_package.sha256), which it needs.
                  V(\\\\server\\share\\file.msi) lies on a file server. V(C:\\folder\\file.msi) lies on the host. Everything else is a file of the
                  controller.
                - The controller reads product code, upgrade code, version and name from it, so that none of them has to be given.
                - Required unless O(resources[].msi_package.state=absent), where one of O(resources[].msi_package.path),
                  O(resources[].msi_package.product_code) and O(resources[].msi_package.product_name) is.
              type: str
            sha256:
              description:
                - The file's SHA-256. Another file is refused.
              type: str
            signer:
              description:
                - Who has to have signed the file, as the thumbprint of the certificate (SHA-1 or SHA-256) or as its common name or organisation.
                - A name counts only if the certificate leads to a root that Windows trusts. Whether it was revoked is not asked.
              type: str
            product_code:
              description:
                - The installed product to uninstall, by its code in braces.
              type: str
            product_name:
              description:
                - The installed product to uninstall, by its display name in any letter case. Products of different publishers with the same name are
                  refused.
              type: str
            publisher:
              description:
                - The publisher of O(resources[].msi_package.product_name). A product of this name from anybody else is refused.
              type: str
            allow_downgrade:
              description:
                - Whether O(resources[].msi_package.state=latest) replaces a newer version by the older one of the package. Otherwise the newer one
                  stays and a warning says so.
              type: bool
              default: false
            properties:
              description:
                - Public properties of the package with their values. They count when it is installed, upgraded or repaired, and a change of them alone
                  changes nothing.
                - C(REBOOT), C(REMOVE), C(REINSTALL) and their like are refused, because O(resources[].msi_package.state) decides what they say.
              type: dict
              default: {}
            secret_properties:
              description:
                - Properties whose values are secrets. They are hidden in Ansible's output, and the log on the host does not name any properties then.
              type: dict
              default: {}
            creates:
              description:
                - Files or folders of the host that the package brings, with variables as in C(%ProgramFiles%). If one is missing, the product is
                  repaired.
              type: list
              elements: str
              default: []
            creates_services:
              description:
                - Services that the package brings, by name or by the file name of their program. If one is missing, the product is repaired.
              type: list
              elements: str
              default: []
            as_system:
              description:
                - Whether Windows Installer is started by SYSTEM, through a scheduled task that is there for one run, instead of by the account of the
                  connection. Some packages need that.
              type: bool
              default: false
            time_limit:
              description:
                - Seconds until an installation is ended with all that it has started, and the task fails.
              type: int
              default: 1800
            busy_limit:
              description:
                - Seconds to wait for another installation on the host to end.
              type: int
              default: 300
            delivery:
              description:
                - How the package comes to the host. V(auto) is over SMB, and through the connection of the play where SMB is refused or out of reach; a
                  package on a share is copied by the host itself.
                - V(smb) and V(connection) are one of the first two only. V(host) means that the host fetches the package as SYSTEM from the share or
                  the web server.
              type: str
              choices: [auto, smb, connection, host]
              default: auto
            smb_port:
              description:
                - TCP port of SMB on the host.
              type: int
              default: 445
            concurrent_uploads:
              description:
                - How many hosts get a file from this controller at the same time, over all of Ansible's forks.
              type: int
              default: 10
      defender_exclusion:
        description:
          - Manage exclusions of Microsoft Defender Antivirus. See M(uamops.netwrix_auditor.defender_exclusion).
        type: dict
        suboptions:
            paths:
              description:
                - Folders and files that are not scanned, absolute. C(%ProgramFiles%), C(%ProgramFiles(x86)%), C(%ProgramData%), C(%SystemRoot%) and
                  C(%SystemDrive%) stand for the host's own folders. A backslash at the end does not matter.
                - An element may also be a list of candidates, of which the first that the host has is taken. A candidate may be a registry value that
                  holds a folder, C(HKLM\...\Key\Value); on 32-bit Windows C(WOW6432Node) is left out of it.
                - A whole drive and the folders that hold all of Windows, all programs, all data or all users are refused.
              type: list
              elements: raw
              default: []
            processes:
              description:
                - Programs whose files are not scanned when they open them, each as a path or as a plain file name. As for
                  O(resources[].defender_exclusion.paths), an element may be a list of candidates.
              type: list
              elements: raw
              default: []
            extensions:
              description:
                - Extensions of files that are not scanned, with or without the dot.
              type: list
              elements: str
              default: []
            state:
              description:
                - Whether they are excluded. V(absent) removes local exclusions only; those of a policy stay, with a warning.
              type: str
              choices: [present, absent]
              default: present
      video_codec:
        description:
          - Make sure that a Windows host has a video codec. See M(uamops.netwrix_auditor.video_codec).
        type: dict
        suboptions:
            drivers:
              description:
                - Values of the registry key C(Drivers32), any of which is the codec. V(vidc.spv1) is the product's ScreenPressor. Later versions of
                  ScreenPressor from elsewhere register V(vidc.scpr) and do not play the product's recordings.
              type: list
              elements: str
              default: [vidc.spv1]
            package:
              description:
                - What installs the codec, an C(.exe) or a C(.zip). The vendor's archive is
                  C(https://www.netwrix.com/download/ScreenPressorNetwrix.zip).
                - V(https://...) is downloaded by the controller and needs O(resources[].video_codec.sha256). V(\\\\server\\share\\file.exe) is copied
                  by the host as SYSTEM, that is as its computer account, and needs O(resources[].video_codec.sha256) too. V(C:\\folder\\file.exe) lies
                  on the host. Everything else is a file of the controller.
                - A C(.zip) is opened on the controller, so it lies there or comes from an V(https://...) address. Only what is needed of it goes to the
                  host.
                - Without it a missing codec is drift and a warning in check mode, and an error in a run.
              type: str
            sha256:
              description:
                - SHA-256 of O(resources[].video_codec.package). Another file is refused.
              type: str
            installer:
              description:
                - Files inside of a C(.zip), each an C(.exe) or an C(.inf).
                - If it is left out, it is the only installer of the archive, or else the C(.inf) file for each kind of programs that lacks the codec.
                  One with C(64) in its path is for 64-bit programs. What lies in an C(.inf) file's folder goes along with it.
              type: list
              elements: str
              default: []
            arguments:
              description:
                - Options of an C(.exe). They have to keep it from asking anything; C(/S) and C(/VERYSILENT) are common.
                - Needed for an C(.exe), without meaning for an C(.inf).
              type: str
            time_limit:
              description:
                - Seconds until an installation is ended with all that it has started, and the task fails.
              type: int
              default: 600
            delivery:
              description:
                - How the files come to the host. V(auto) is over SMB, and through the connection of the play where SMB is refused or out of reach;
                  V(smb) and V(connection) are one of them only.
                - V(host) means that the file lies on the host or on a share, and is refused for others.
              type: str
              choices: [auto, smb, connection, host]
              default: auto
            smb_port:
              description:
                - TCP port of SMB on the host.
              type: int
              default: 445
            concurrent_uploads:
              description:
                - How many hosts get a file from this controller at the same time, over all of Ansible's forks.
              type: int
              default: 10
      windows_feature:
        description:
          - Enable or disable a Windows feature. See M(uamops.netwrix_auditor.windows_feature).
        type: dict
        suboptions:
            name:
              description:
                - V(media-foundation), V(ink-and-handwriting), V(desktop-experience) or V(internet-explorer), or any name that C(dism /online /english
                  /get-features) prints. A name with C(~) in it is that of a capability, C(OpenSSH.Client~~~~0.0.1.0) for one.
                - On Windows 10 and 11 N, V(media-foundation) is the capability Media Feature Pack. On Windows 11 and Server 2025, V(internet-explorer)
                  is the capability that Internet Explorer mode of Edge needs.
                - These are no names of Server Manager. C(Server-Media-Foundation) there is C(ServerMediaFoundation) here.
              type: str
              required: true
            state:
              description:
                - Whether the feature is enabled. V(absent) disables it with all that builds on it; its files stay on the host. A capability is removed.
              type: str
              choices: [present, absent]
              default: present
            source:
              description:
                - Folders with the feature's files, tried in turn, for hosts that have none themselves and can't get them from Windows Update. On the
                  host, or UNC. It has to be of the very release, C(sources\sxs) of the installation medium or the C(Windows) folder of a mounted image.
                - A share has to be readable for the host's computer account.
                - Windows 7 and Server 2008 R2 have all files themselves; the option is not used there.
              type: list
              elements: str
              default: []
            limit_access:
              description:
                - Never ask Windows Update or WSUS for files.
              type: bool
              default: false
            include_parents:
              description:
                - Enable the features that it builds on, too.
                - DISM of Windows 7 and Server 2008 R2 can't; name those features before it, each as a resource of its own. For the neutral names that
                  is done for you.
              type: bool
              default: true
            repair:
              description:
                - If Windows says that its component store is damaged, restore it with O(resources[].windows_feature.source) and
                  O(resources[].windows_feature.limit_access), and try once more. This takes long.
              type: bool
              default: false
            time_limit:
              description:
                - Seconds that one run of DISM may take. With C(-v) a line every minute says that it still works.
              type: int
              default: 3600
seealso:
  - module: uamops.netwrix_auditor.service
  - plugin: uamops.netwrix_auditor.compliance
    plugin_type: callback
"""

EXAMPLES = r"""
- name: What User Activity monitoring needs of every computer
  uamops.netwrix_auditor.desired_state:
    resources:
      - service:
          name: Winmgmt
          start_mode: auto
          state: started
      - firewall_group:
          group: "@FirewallAPI.dll,-34251"
      - firewall_rule:
          name: UA Core Service outbound rule
          direction: out
          program: UAVRAgent.exe
          program_base:
            - HKLM\SOFTWARE\WOW6432Node\Netwrix\User Activity Video Reporter Agent\InstallPath
            - '%ProgramFiles(x86)%\Netwrix Auditor\User Activity Core Service'
          protocol: tcp
          remote_ports: [9004]
          profiles: [domain]
"""

RETURN = r"""
drift:
  description: What differed from what was asked, one entry for each resource that did. Empty if nothing is to be done.
  returned: always
  type: list
  elements: dict
  contains:
    kind:
      description: The kind of resource.
      type: str
      returned: always
      sample: service
    name:
      description: The resource's name.
      type: str
      returned: always
      sample: Winmgmt
    before:
      description: V(present), or null if the resource was absent.
      type: str
      returned: always
      sample: present
    after:
      description: V(present), or null if the resource is to be absent.
      type: str
      returned: always
      sample: present
    differences:
      description: The keys of the state that differed, each with its value before and after.
      type: dict
      returned: always
      sample: {"start_mode": {"before": "manual", "after": "auto"}}
    notes:
      description: Facts about the resource that are no part of its state, warnings among them.
      type: list
      elements: str
      returned: always
compliance:
  description: A verdict on each resource, and so on the control that it belongs to.
  returned: always, but not if the host could not be asked at all
  type: dict
  contains:
    computer:
      description: The name that the computer itself has.
      type: str
      returned: always
      sample: WS2016
    applied:
      description: Whether what differed was changed and read back before the verdicts; V(false) in check mode and where nothing was written.
      type: bool
      returned: always
      sample: false
    checks:
      description: One entry for each resource.
      type: list
      elements: dict
      returned: always
      contains:
        control:
          description: The control's id.
          type: str
          returned: always
          sample: agent-inbound
        title:
          description: What the control asks for.
          type: str
          returned: always
          sample: The Auditor server may reach the agent
        section:
          description: The section of the specification that it comes from.
          type: str
          returned: always
          sample: Open Local TCP Port 9003
        severity:
          description: V(critical), V(high), V(medium) or V(low).
          type: str
          returned: always
          sample: high
        resource:
          description: The resource, kind and name.
          type: str
          returned: always
          sample: firewall_rule UA Core Service inbound rule (in)
        status:
          description:
            - V(compliant); V(drift) if what is stored differs; V(ineffective) if it is stored as required and something overrides it; V(unknown) if
              Windows does not tell; V(waived); or V(error) if it could not be looked at.
          type: str
          returned: always
          sample: ineffective
        found:
          description: The status without the waiver.
          type: str
          returned: if it is waived
          sample: drift
        differences:
          description: Each setting that differs, with what is stored and what is required.
          type: list
          elements: dict
          returned: if any differ
          sample: [{"setting": "start_mode", "stored": "disabled", "required": "auto"}]
        overrides:
          description: What keeps the stored value from being in force, by whom, and what to do. C(effective) is empty where Windows does not tell.
          type: list
          elements: dict
          returned: if there are any
          sample:
            - what: domain profile
              stored: allowed
              effective: no effect
              by: local rules are void in the domain profile, by Group Policy 'Baseline' (...)
              fix: add a rule of this kind to that policy, or let it merge local rules
        warnings:
          description: What is in the way of setting it right.
          type: list
          elements: str
          returned: if there is something, and it is not compliant
        reason:
          description: Why it could not be looked at.
          type: str
          returned: if it could not
        waiver:
          description: The waiver's reason and last day.
          type: dict
          returned: if it is waived
          sample: {"reason": "Accepted by the CISO", "expires": "2027-01-31"}
    warnings:
      description: Waivers that waive nothing.
      type: list
      elements: str
      returned: always
notes:
  description: What a person should know besides the state, in plain words, also about resources that are as asked.
  returned: always
  type: list
  elements: str
  sample: ["service RemoteRegistry: stopped now, but Automatic with a start trigger ..."]
warnings:
  description: What keeps a resource from having its effect and is not this module's to change, such as a firewall rule that blocks.
  returned: if there are any
  type: list
  elements: str
reboot_required:
  description:
    - Whether the host waits for a restart, by what this task has done or, for modules that may leave a host so, by what Windows says
      itself, also if this task has done nothing. Only M(uamops.netwrix_auditor.reboot) restarts a host.
  returned: always
  type: bool
  sample: false
reboot_reasons:
  description:
    - Why the host waits for a restart, empty if it does not. V(this_task) stands for what this task has done, all others for what Windows
      says itself - V(servicing), V(servicing_in_progress), V(servicing_packages), V(windows_update), V(update_exe), V(computer_name) and
      V(domain_join). Files that wait to be replaced are no reason by themselves, and are told in RV(notes).
  returned: always
  type: list
  elements: str
  sample: []
host:
  description: The host's name in the inventory.
  returned: always
  type: str
  sample: ws2016
transport:
  description: What the task cost.
  returned: always
  type: dict
  contains:
    messages:
      description: WS-Management messages sent.
      type: int
      returned: always
      sample: 9
    bytes_sent:
      description: Bytes of these messages.
      type: int
      returned: always
      sample: 13120
    bytes_received:
      description: Bytes of the answers.
      type: int
      returned: always
      sample: 181250
"""

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.uamops.netwrix_auditor.plugins.module_utils._specs import DESIRED_STATE


def main() -> None:
    """Say where the module runs; Ansible never gets here, because the action of the same name comes first."""
    AnsibleModule(supports_check_mode=True, **DESIRED_STATE).fail_json(msg="This module runs on the controller, as an action")


if __name__ == "__main__":
    main()
