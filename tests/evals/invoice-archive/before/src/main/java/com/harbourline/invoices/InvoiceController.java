package com.harbourline.invoices;

import com.harbourline.access.Access;
import com.harbourline.access.User;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/** Invoices as their accounts may download them. */
@RestController
public class InvoiceController {
    private final Invoices invoices;
    private final Access access;
    private final PdfRenderer pdf;

    public InvoiceController(Invoices invoices, Access access, PdfRenderer pdf) {
        this.invoices = invoices;
        this.access = access;
        this.pdf = pdf;
    }

    @GetMapping("/invoices/{number}.pdf")
    public ResponseEntity<byte[]> download(@PathVariable String number, @AuthenticationPrincipal User user) {
        Invoice invoice =
                invoices.findByNumber(number).orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
        access.requireMember(user, invoice.account());
        String shown = "attachment; filename=\"" + invoice.number() + ".pdf\"";
        return ResponseEntity.ok()
                .contentType(MediaType.APPLICATION_PDF)
                .header("Content-Disposition", shown)
                .body(pdf.render("invoice", invoice.fields()));
    }
}
